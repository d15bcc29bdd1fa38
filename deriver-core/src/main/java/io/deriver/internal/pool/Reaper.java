package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.NodeStore;
import io.deriver.spi.ReapReport;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import java.time.Duration;
import java.util.List;

/**
 * Takes stale claims back, of any process, every interval and first at start-up, on a thread and a
 * connection of its own. No state of the pool stands in front of it. One thing does: after an
 * outage of the store that it saw itself, claims are left alone for one renewal interval, since
 * their owners could not renew meanwhile.
 */
final class Reaper implements Duty.Pass {

  private final NodeStore store;
  private final Duration interval;
  private final Duration restAfterOutage;
  private final Events events;
  private final Runnable workMayFollow;
  private boolean outage;
  private boolean probed;
  private List<String> unserved = List.of();

  Reaper(
      NodeStore store,
      Duration interval,
      Duration renewInterval,
      Events events,
      Runnable workMayFollow) {
    this.store = store;
    this.interval = interval;
    this.restAfterOutage = renewInterval;
    this.events = events;
    this.workMayFollow = workMayFollow;
  }

  @Override
  public Duration run() {
    probed = outage;
    if (outage) {
      store.probe();
      outage = false;
      return restAfterOutage;
    }
    ReapReport report = reap();
    for (Reaped reaped : report.reaped()) {
      events.publish(
          new PoolEvent.ClaimReaped(
              reaped.claim(), textOf(reaped.reason()), reaped.deadLettered()));
    }
    if (!report.unserved().isEmpty() && !report.unserved().equals(unserved)) {
      events.publish(new PoolEvent.TypesUnserved(report.unserved()));
    }
    unserved = report.unserved();
    if (!report.reaped().isEmpty()) {
      workMayFollow.run();
    }
    return report.more() ? Duration.ZERO : interval;
  }

  // The store answers again; whether the reaping does, which may have failed by itself, shows next.
  @Override
  public boolean showsRecovery() {
    return !probed;
  }

  private ReapReport reap() {
    outage = true;
    ReapReport report = store.reap();
    outage = false;
    return report;
  }

  private static String textOf(Reason reason) {
    return switch (reason) {
      case NODE_EXPIRED -> "the lease of its node has expired";
      case GUARD_PASSED -> "its guard has passed";
    };
  }
}
