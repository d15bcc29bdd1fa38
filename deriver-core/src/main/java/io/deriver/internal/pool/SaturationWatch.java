package io.deriver.internal.pool;

import io.deriver.internal.PoolSettings;
import io.deriver.spi.PoolClock;
import java.time.Duration;

/**
 * Calls the host when the pool stands at its cap and no thread comes back: only a restart helps.
 */
final class SaturationWatch implements Sentinel.Watch {

  private final PoolSettings settings;
  private final AbandonedRuns abandoned;
  private final Runnable onSaturated;
  private final PoolClock clock;
  private long saturatedSince;
  private boolean saturated;
  private boolean hostCalled;
  private volatile boolean beyondHelp;

  SaturationWatch(
      PoolSettings settings, AbandonedRuns abandoned, Runnable onSaturated, PoolClock clock) {
    this.settings = settings;
    this.abandoned = abandoned;
    this.onSaturated = onSaturated;
    this.clock = clock;
  }

  @Override
  public void look() {
    if (!abandoned.atCap()) {
      saturated = false;
      hostCalled = false;
      beyondHelp = false;
      return;
    }
    if (!saturated) {
      saturated = true;
      saturatedSince = clock.nanoTime();
    }
    if (!hostCalled && noneComesBack()) {
      beyondHelp = true;
      // On a thread of its own, since the host's callback may hang, or wait for close(). If there
      // is none to be had, which is likely now, the next look tries again.
      Threads.daemon("deriver-" + settings.name() + "-saturated", onSaturated).start();
      hostCalled = true;
    }
  }

  /** Whether the pool stands at its cap and no thread has come back for so long. */
  private boolean noneComesBack() {
    Duration limit = settings.saturatedDownAfter();
    return Duration.ofNanos(clock.nanoTime() - saturatedSince).compareTo(limit) >= 0
        && abandoned.sinceReturn().compareTo(limit) >= 0;
  }

  /** Whether the host was told that only a restart helps, or is about to be. */
  boolean onlyARestartHelps() {
    return beyondHelp;
  }
}
