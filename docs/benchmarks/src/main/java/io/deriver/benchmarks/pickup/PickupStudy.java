package io.deriver.benchmarks.pickup;

import io.deriver.benchmarks.measure.Study;
import io.deriver.benchmarks.measure.Times;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** How soon an idle pool begins what is added, beside a bare notification. */
public record PickupStudy(Server server, int items) {

  private static final int P50 = 50;
  private static final int P99 = 99;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The study, with so many items in each of the rounds. */
  public Study of(int rounds) {
    return new Study(
        "pickup",
        String.format(Locale.ROOT, "picking up %,d single items, ms", items),
        rounds,
        true,
        progress -> round());
  }

  private List<Study.Reading> round() throws Exception {
    Trip plain = trip(() -> new PlainWay(server));
    Trip apart = trip(() -> new PoolWay(server, true));
    Trip same = trip(() -> new PoolWay(server, false));
    return List.of(
        plain.reading("plain: INSERT with pg_notify, heard", plain),
        apart.reading("deriver, added elsewhere", plain),
        same.reading("deriver, added by the pool's own queue", plain));
  }

  private Trip trip(Way.Maker maker) throws Exception {
    Trip trip = new Trip(new Times(), new Times());
    try (Way way = maker.make()) {
      for (int number = 0; number < items; number++) {
        rest(way);
        long called = System.nanoTime();
        way.add(number);
        long returned = System.nanoTime();
        long heard = way.heard();
        trip.called().add(heard - called);
        trip.returned().add(heard - returned);
      }
    }
    return trip;
  }

  // Asked seldom: what comes next shall meet a machine that has been as quiet in either case.
  private static void rest(Way way) throws SQLException {
    long start = System.nanoTime();
    do {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new IllegalStateException("nothing came to rest within " + PATIENCE);
      }
      LockSupport.parkNanos(Way.QUIET.toNanos());
    } while (!way.isIdle());
  }

  /**
   * How long it took.
   *
   * @param called from the call that adds
   * @param returned from its return, that is from the commit; below zero where the item was heard
   *     of before the answer to the commit was
   */
  private record Trip(Times called, Times returned) {

    Study.Reading reading(String subject, Trip plain) {
      Map<String, Double> figures = new LinkedHashMap<>();
      figures.put("from return, p50", returned.millis(P50));
      figures.put("p99", returned.millis(P99));
      figures.put("p50, of plain", returned.millis(P50) / plain.returned.millis(P50));
      figures.put("from call, p50", called.millis(P50));
      figures.put("p99 from call", called.millis(P99));
      figures.put("p50 from call, of plain", called.millis(P50) / plain.called.millis(P50));
      return new Study.Reading(subject, figures);
    }
  }
}
