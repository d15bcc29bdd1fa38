package io.deriver.benchmarks.processes;

import io.deriver.benchmarks.measure.Meter;
import io.deriver.benchmarks.measure.Payloads;
import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Server;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One, two and four processes that drain the same backlog, each with a pool of ten slots. */
public record ProcessesStudy(Server server, Meter meter, int items, int payload) {

  private static final List<Integer> PROCESSES = List.of(1, 2, 4);
  private static final long A_CALL_MICROS = 5_000;
  private static final int PART_AS_CALLS = 5;

  public ProcessesStudy {
    Payloads.requireNumbers(payload, "to see that none is called for twice");
  }

  /** The study. Its processes are new each time, and each warms itself up. */
  public Study of(int rounds) {
    return new Study(
        "processes",
        String.format(Locale.ROOT, "draining %,d items, %d slots a process", items, Worker.SLOTS),
        rounds,
        false,
        progress -> round());
  }

  private List<Study.Reading> round() throws Exception {
    List<Study.Reading> readings = new ArrayList<>();
    readings.addAll(drained("no-op", items, 0));
    readings.addAll(
        drained(
            "calls of 5 ms, a fifth of the items",
            Math.max(1, items / PART_AS_CALLS),
            A_CALL_MICROS));
    return readings;
  }

  private List<Study.Reading> drained(String what, int count, long micros) throws Exception {
    List<Study.Reading> readings = new ArrayList<>();
    double alone = 0;
    for (int processes : PROCESSES) {
      double perSecond = new Drain(server, meter, count, payload, micros).by(processes);
      alone = processes == 1 ? perSecond : alone;
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("items/s", perSecond);
      figures.put("of one process", perSecond / alone);
      readings.add(
          new Study.Reading(
              "%s, %d %s".formatted(what, processes, processes == 1 ? "process" : "processes"),
              figures));
    }
    return readings;
  }
}
