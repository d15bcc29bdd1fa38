package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Names each thread that was asked to stop and has not come back: once, and where it is. */
final class AbandonmentWatch implements Sentinel.Watch {

  /** Long enough for code that heeds interrupts, or whose call was closed, to have returned. */
  static final Duration AFTER = Duration.ofSeconds(1);

  private final AbandonedRuns abandoned;
  private final StackSampler stacks;
  private final PoolClock clock;
  private final Events events;
  private final Set<Long> told = new HashSet<>();

  AbandonmentWatch(AbandonedRuns abandoned, StackSampler stacks, PoolClock clock, Events events) {
    this.abandoned = abandoned;
    this.stacks = stacks;
    this.clock = clock;
    this.events = events;
  }

  @Override
  public void look() {
    Collection<Run> all = abandoned.all();
    Set<Long> still = new HashSet<>();
    for (Run run : all) {
      still.add(run.fence());
      Duration since = run.sinceEnd(clock.nanoTime());
      if (since.compareTo(AFTER) >= 0 && !told.contains(run.fence())) {
        events.publish(
            new PoolEvent.RunAbandoned(
                run.id(), run.attempt(), since, stacks.take(run), all.size(), abandoned.cap()));
        told.add(run.fence());
      }
    }
    told.retainAll(still);
  }
}
