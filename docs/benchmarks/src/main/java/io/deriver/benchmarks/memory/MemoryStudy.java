package io.deriver.benchmarks.memory;

import io.deriver.ItemType;
import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The heap that a live run takes, beside that of a thread that waits as well. */
public record MemoryStudy(Server server) {

  private static final int FEW = 100;
  private static final int MANY = 1_000;
  private static final double BYTES_A_KB = 1_024;
  private static final ItemType<String> PLAIN = Library.NOOP.withCodec(new PlainCodec());

  /** The study. */
  public Study of(int rounds) {
    return new Study("memory", "heap of live runs, bytes", rounds, true, progress -> round());
  }

  private List<Study.Reading> round() throws SQLException, InterruptedException {
    return List.of(
        reading("%,d live runs", FEW, Library.NOOP),
        reading("%,d live runs", MANY, Library.NOOP),
        reading("%,d live runs, payloads not read by Jackson", MANY, PLAIN));
  }

  private Study.Reading reading(String subject, int runs, ItemType<String> type)
      throws SQLException, InterruptedException {
    double thread = PlainThreads.bytes(runs);
    LiveRuns.Bytes bytes = new LiveRuns(server, runs, type).measure();
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("a run and its thread", bytes.live());
    figures.put("a plain thread", thread);
    figures.put("a run beside it", bytes.live() - thread);
    figures.put("an idle thread after it", bytes.idle());
    figures.put("the pool once those ended, KB more", bytes.gone() / BYTES_A_KB);
    return new Study.Reading(String.format(Locale.ROOT, subject, runs), figures);
  }
}
