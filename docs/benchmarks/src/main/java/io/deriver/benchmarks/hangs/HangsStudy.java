package io.deriver.benchmarks.hangs;

import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.server.Server;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What healthy calls get while a tenth of the calls hang, beside the same calls without hangs on as
 * many slots as the hung ones left.
 */
public record HangsStudy(Server server, int items) {

  private static final int SLOTS = 50;

  /** The study. */
  public Study of(int rounds) {
    return new Study(
        "hangs",
        String.format(Locale.ROOT, "%,d items, one call in ten hangs, %d slots", items, SLOTS),
        rounds,
        true,
        progress -> round());
  }

  private List<Study.Reading> round() throws Exception {
    return List.of(
        new Study.Reading("deaf to interrupts", figures(Calls.Hanging.DEAF)),
        new Study.Reading("heeding interrupts", figures(Calls.Hanging.HEEDS_INTERRUPTS)));
  }

  private Map<String, Double> figures(Calls.Hanging hanging) throws Exception {
    Load.Result result = new Load(server, items, SLOTS, hanging).work();
    double free = SLOTS - result.hung();
    // A pool has whole slots only: what one slot does is taken from the nearest number of them.
    int whole = Math.max(1, Math.toIntExact(Math.round(free)));
    Load.Result alone = new Load(server, result.healthy(), whole, Calls.Hanging.NONE).work();
    double expected = alone.perSecond() / whole * free;
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("healthy calls/s", result.perSecond());
    figures.put("slots left free, mean", free);
    figures.put("calls/s of as many, none hanging", expected);
    figures.put("of that", result.perSecond() / expected);
    figures.put("abandoned threads", (double) result.abandoned());
    return figures;
  }
}
