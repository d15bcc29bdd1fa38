package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the host when the pool stands at its cap and no thread comes back: only a restart helps.
 */
final class SaturationWatch implements Sentinel.Watch {

  private static final Logger LOG = LoggerFactory.getLogger("io.deriver.Pool");

  private final PoolSettings settings;
  private final AbandonedRuns abandoned;
  private final Runnable onSaturated;
  private final Executor ownThread;
  private final PoolClock clock;
  private final Events events;
  private long saturatedSince;
  private boolean saturated;
  private boolean hostCalled;
  private volatile boolean beyondHelp;

  /**
   * @param ownThread has a thread of its own run this; throws if there is none to be had
   */
  SaturationWatch(
      PoolSettings settings,
      AbandonedRuns abandoned,
      Runnable onSaturated,
      Executor ownThread,
      PoolClock clock,
      Events events) {
    this.settings = settings;
    this.abandoned = abandoned;
    this.onSaturated = onSaturated;
    this.ownThread = ownThread;
    this.clock = clock;
    this.events = events;
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
    boolean before = beyondHelp;
    beyondHelp = noneComesBack();
    if (beyondHelp && !before) {
      events.publish(new PoolEvent.RestartNeeded(abandoned.count(), abandoned.sinceReturn()));
    }
    if (beyondHelp && !hostCalled) {
      // On a thread of its own, since the host's callback may hang, or wait for close(). If there
      // is none to be had, which is likely now, the next look tries again.
      ownThread.execute(this::callHost);
      hostCalled = true;
    }
  }

  private void callHost() {
    try {
      onSaturated.run();
    } catch (Throwable error) {
      LOG.error(
          "[{}] The callback of whenSaturatedFor failed; it is not called again while the pool stands at its cap: {}",
          settings.name(),
          ErrorText.brief(error));
    }
  }

  /** Whether the pool stands at its cap and no thread has come back for so long. */
  private boolean noneComesBack() {
    Duration limit = settings.whenSaturatedFor();
    return Duration.ofNanos(clock.nanoTime() - saturatedSince).compareTo(limit) >= 0
        && abandoned.sinceReturn().compareTo(limit) >= 0;
  }

  /** Whether that was so at the last look: only a restart helps, unless a thread still comes. */
  boolean onlyARestartHelps() {
    return beyondHelp;
  }
}
