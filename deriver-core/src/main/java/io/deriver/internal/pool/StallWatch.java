package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Says what is stuck and where while work is there and nothing has ended for a while: runs are
 * live, or claiming fails, or the pool may not claim.
 */
final class StallWatch implements Sentinel.Watch {

  private final PoolSettings settings;
  private final Runs runs;
  private final AbandonedRuns abandoned;
  private final Outcomes outcomes;
  private final StackSampler stacks;
  private final Duty dispatcher;
  private final PoolClock clock;
  private final Events events;
  private long endings;
  private long lastEnding;
  private long lastReport;

  StallWatch(
      PoolSettings settings,
      Runs runs,
      AbandonedRuns abandoned,
      Outcomes outcomes,
      StackSampler stacks,
      Duty dispatcher,
      PoolClock clock,
      Events events) {
    this.settings = settings;
    this.runs = runs;
    this.abandoned = abandoned;
    this.outcomes = outcomes;
    this.stacks = stacks;
    this.dispatcher = dispatcher;
    this.clock = clock;
    this.events = events;
    this.lastEnding = clock.nanoTime();
    this.lastReport = lastEnding;
  }

  @Override
  public void look() {
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
      Collection<Run> stuck = abandoned.atCap() ? abandoned.all() : runs.live();
      List<String> longest =
          RunNames.oldest(stuck, clock, stacks::take).stream().map(RunNames::line).toList();
      events.publish(new PoolEvent.Stalled(Duration.ofNanos(now - lastEnding), why, longest));
    }
  }

  private String whyNothingEnds() {
    if (abandoned.atCap()) {
      return "the pool stands at its cap of abandoned threads and claims nothing";
    }
    if (outcomes.waiting() >= settings.maxUnwritten()) {
      return "as many outcomes wait to be written as may, and nothing is claimed";
    }
    if (dispatcher.failures() > 0) {
      return "claiming fails: " + dispatcher.lastError();
    }
    if (dispatcher.isStuck()) {
      return "a call of the dispatcher's has not come back for " + dispatcher.passing();
    }
    return runs.size() > 0 ? "runs are live and none of them ends" : "";
  }
}
