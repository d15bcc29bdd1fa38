package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.List;

/**
 * Notices runs that were started, or whose stage has come to a step, and that no thread has come
 * to. That is what it looks like when virtual threads that spin, or are pinned, hold every carrier.
 */
final class StarvationWatch implements Sentinel.Watch {

  private static final Duration AFTER = Duration.ofSeconds(1);

  private final Runs runs;
  private final Duration reportInterval;
  private final PoolClock clock;
  private final Events events;
  private boolean reported;
  private long lastReport;

  StarvationWatch(Runs runs, Duration reportInterval, PoolClock clock, Events events) {
    this.runs = runs;
    this.reportInterval = reportInterval;
    this.clock = clock;
    this.events = events;
  }

  /** The live runs that have waited for a thread for longer than any hand-over takes. */
  List<Run> starved() {
    long now = clock.nanoTime();
    return runs.live().stream()
        .filter(run -> run.withoutThread(now).compareTo(AFTER) >= 0)
        .toList();
  }

  @Override
  public void look() {
    List<Run> starved = starved();
    if (starved.isEmpty()) {
      reported = false;
      return;
    }
    long now = clock.nanoTime();
    if (!reported || now - lastReport >= reportInterval.toNanos()) {
      reported = true;
      lastReport = now;
      events.publish(
          new PoolEvent.RunsWithoutThread(starved.size(), RunNames.oldest(starved, clock)));
    }
  }
}
