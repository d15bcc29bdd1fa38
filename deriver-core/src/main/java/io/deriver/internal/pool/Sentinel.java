package io.deriver.internal.pool;

import java.time.Duration;
import java.util.List;

/** Keeps the pool from going silent: looks, one after the other, for what only time shows. */
final class Sentinel implements Duty.Pass {

  /** One thing that is looked for. */
  @FunctionalInterface
  interface Watch {
    void look();
  }

  private static final Duration AT_MOST = Duration.ofSeconds(1);

  private final List<Watch> watches;
  private final Duration rest;

  Sentinel(Duration stallReportInterval, List<Watch> watches) {
    this.watches = List.copyOf(watches);
    Duration quarter = stallReportInterval.dividedBy(4);
    this.rest = quarter.compareTo(AT_MOST) < 0 ? quarter : AT_MOST;
  }

  @Override
  public Duration run() {
    Throwable first = null;
    for (Watch watch : watches) {
      try {
        watch.look();
      } catch (Throwable broken) {
        // One that cannot look, for want of memory or a thread, must not blind the others.
        first = first == null ? broken : first;
      }
    }
    if (first != null) {
      throw new IllegalStateException("A watch of the sentinel failed: " + first, first);
    }
    return rest;
  }
}
