package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.List;

/**
 * Keeps the pool from going silent: while runs are live, or claiming fails, and nothing has ended
 * for a while, it says what is stuck and where. Calls the host when only a restart can help.
 */
final class Sentinel implements Duty.Pass {

  private final PoolSettings settings;
  private final Runs runs;
  private final AbandonedRuns abandoned;
  private final StackSampler stacks;
  private final Duty dispatcher;
  private final Runnable onSaturated;
  private final PoolClock clock;
  private final Events events;
  private long endings;
  private long lastEnding;
  private long lastReport;
  private long saturatedSince;
  private boolean saturated;
  private boolean hostCalled;
  private volatile boolean beyondHelp;

  Sentinel(
      PoolSettings settings,
      Runs runs,
      AbandonedRuns abandoned,
      StackSampler stacks,
      Duty dispatcher,
      Runnable onSaturated,
      PoolClock clock,
      Events events) {
    this.settings = settings;
    this.runs = runs;
    this.abandoned = abandoned;
    this.stacks = stacks;
    this.dispatcher = dispatcher;
    this.onSaturated = onSaturated;
    this.clock = clock;
    this.events = events;
    this.lastEnding = clock.nanoTime();
    this.lastReport = lastEnding;
  }

  @Override
  public Duration run() {
    watchSaturation();
    watchEndings();
    return settings.stallReportInterval().dividedBy(4);
  }

  private void watchEndings() {
    long now = clock.nanoTime();
    String why = whyNothingEnds();
    if (endings != runs.endings() || why.isEmpty()) {
      endings = runs.endings();
      lastEnding = now;
      lastReport = now;
      return;
    }
    if (now - lastReport >= settings.stallReportInterval().toNanos()) {
      lastReport = now;
      List<String> longest =
          RunNames.oldest(runs.live(), clock, run -> stacks.take(run.thread())).stream()
              .map(RunNames::line)
              .toList();
      events.publish(new PoolEvent.Stalled(Duration.ofNanos(now - lastEnding), why, longest));
    }
  }

  private String whyNothingEnds() {
    if (abandoned.atCap()) {
      return "the pool stands at its cap of abandoned threads and claims nothing";
    }
    if (dispatcher.failures() > 0) {
      return "claiming fails: " + dispatcher.lastError();
    }
    return runs.size() > 0 ? "runs are live and none of them ends" : "";
  }

  private void watchSaturation() {
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
      // is none to be had, which is likely now, the next pass tries again.
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
