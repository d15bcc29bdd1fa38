package io.deriver.benchmarks.snapshot;

import io.deriver.benchmarks.measure.Times;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The claims of a pool: when they began, and how long they took. Thread-safe. */
final class ClaimTimes {

  private static final int P50 = 50;
  private static final int P99 = 99;
  private static final int PARTS = 5;
  private static final String CLAIMS = "claims";
  private static final String LAST = "last fifth";

  /** The figure of the goal. */
  static final String COMPARED = CLAIMS + ", p99";

  private final List<One> all = new ArrayList<>();

  /**
   * One claim.
   *
   * @param fromZero whether it read without a lower bound
   */
  record One(long start, long nanos, boolean fromZero) {}

  /** One more. */
  synchronized void add(One one) {
    all.add(one);
  }

  /** Sees to it that sweeps are told from others: there is one a second at least. */
  synchronized void requireSweeps() {
    if (all.stream().noneMatch(One::fromZero)) {
      throw new IllegalStateException("no claim was seen to read from zero, of " + all.size());
    }
  }

  /** The figures of those that began in this time, by the names of tables. */
  synchronized Map<String, Double> figures(long from, long until) {
    Predicate<One> within = one -> one.start() - from >= 0 && one.start() - until < 0;
    long late = until - (until - from) / PARTS;
    Map<String, Double> figures = new LinkedHashMap<>();
    List<One> claims = all(within.and(one -> !one.fromZero()));
    put(figures, CLAIMS, claims);
    put(figures, LAST, claims.stream().filter(one -> one.start() - late >= 0).toList());
    put(figures, "sweeps", all(within.and(One::fromZero)));
    return figures;
  }

  private List<One> all(Predicate<One> which) {
    return all.stream().filter(which).toList();
  }

  private static void put(Map<String, Double> figures, String name, List<One> some) {
    figures.put(name, (double) some.size());
    if (!some.isEmpty()) {
      Times times = new Times();
      some.forEach(one -> times.add(one.nanos()));
      figures.put(name + ", p50", times.millis(P50));
      figures.put(name + ", p99", times.millis(P99));
    }
  }
}
