package io.deriver.benchmarks.memory;

import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Server;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The heap that a live run takes, beside that of a thread that waits as well. */
public record MemoryStudy(Server server) {

  private static final List<Integer> RUNS = List.of(100, 1_000);
  private static final double BYTES_A_KB = 1_024;

  /** The study. */
  public Study of(int rounds) {
    return new Study("memory", "heap of live runs, bytes", rounds, true, progress -> round());
  }

  private List<Study.Reading> round() throws Exception {
    List<Study.Reading> readings = new ArrayList<>();
    for (int runs : RUNS) {
      double thread = PlainThreads.bytes(runs);
      LiveRuns.Bytes bytes = new LiveRuns(server, runs).measure();
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("a run", bytes.each());
      figures.put("a plain thread", thread);
      figures.put("a run beside its thread", bytes.each() - thread);
      figures.put("once all are done, KB more than before", bytes.afterwards() / BYTES_A_KB);
      readings.add(new Study.Reading(String.format(Locale.ROOT, "%,d live runs", runs), figures));
    }
    return readings;
  }
}
