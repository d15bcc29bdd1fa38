package io.deriver.internal.pool;

import io.deriver.Backoff;
import io.deriver.BreakerPolicy;
import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whether the provider behind a type seems down, and when it is tried next; see {@link
 * BreakerPolicy} for the rule. Thread-safe, without locks.
 */
final class Breaker {

  private static final int KEYS = 3;
  private static final State CLOSED = new State(Set.of(), 0, null);

  private final String type;
  private final BreakerPolicy policy;
  private final Backoff probing;
  private final PoolClock clock;
  private final Events events;
  private final Runnable wakeDispatcher;
  private final AtomicReference<State> state = new AtomicReference<>(CLOSED);

  Breaker(
      String type, BreakerPolicy policy, PoolClock clock, Events events, Runnable wakeDispatcher) {
    this.type = type;
    this.policy = policy;
    this.probing = Backoff.exponential(Duration.ofSeconds(1), policy.maxProbeInterval());
    this.clock = clock;
    this.events = events;
    this.wakeDispatcher = wakeDispatcher;
  }

  /**
   * A unit was done whose run began then. One that began before the breaker opened does not close
   * it: it tells of a provider of long ago.
   */
  void succeeded(long begun) {
    State before = state.getAndUpdate(now -> now.isOpenedAfter(begun) ? now : CLOSED);
    Outage over = before.outage;
    if (over != null && !before.isOpenedAfter(begun)) {
      events.publish(
          new PoolEvent.BreakerClosed(
              type, Duration.ofNanos(clock.nanoTime() - over.since), over.probes));
      wakeDispatcher.run();
    }
  }

  /**
   * An attempt failed whose run began then.
   *
   * @return whether the breaker is open, so that the unit is not to blame
   */
  boolean failed(String key, long begun, String reason) {
    if (!policy.enabled()) {
      return false;
    }
    long now = clock.nanoTime();
    UnaryOperator<State> step = before -> before.failed(key, begun, now, reason);
    State before = state.getAndUpdate(step);
    Outage opened = step.apply(before).outage;
    if (opened == null) {
      return false;
    }
    if (before.outage == null) {
      events.publish(new PoolEvent.BreakerOpened(type, KEYS, reason));
    }
    return true;
  }

  /** How many units of the type may be claimed now, as far as the breaker goes. */
  int room() {
    Outage outage = outage();
    if (outage == null) {
      return Integer.MAX_VALUE;
    }
    return outage.nextProbe - clock.nanoTime() <= 0 ? 1 : 0;
  }

  /** A unit was claimed: a probe, if the breaker is open. */
  void claimed() {
    Outage outage = outage();
    if (outage != null) {
      Duration rest = probing.after(outage.probes + 1, ThreadLocalRandom.current());
      long next = clock.nanoTime() + rest.toNanos();
      state.updateAndGet(now -> now.probed(outage, next));
    }
  }

  /** So long, or until the next probe if that comes first; one that is due finds nothing to try. */
  Duration untilProbe(Duration rest) {
    Outage outage = outage();
    long left = outage == null ? 0 : outage.nextProbe - clock.nanoTime();
    return left > 0 && left < rest.toNanos() ? Duration.ofNanos(left) : rest;
  }

  private @Nullable Outage outage() {
    return Objects.requireNonNull(state.get()).outage;
  }

  /** A line for people while it is open; else null. */
  @Nullable String inWords() {
    Outage outage = outage();
    return outage == null
        ? null
        : "all of type %s fails, for %s now: units are tried one at a time, %d so far, at most %s apart: %s"
            .formatted(
                type,
                Duration.ofNanos(clock.nanoTime() - outage.since),
                outage.probes,
                policy.maxProbeInterval(),
                outage.reason);
  }

  /**
   * @param failed the keys that failed in a row, while it is closed
   * @param lastFailure when the last of them did
   */
  private record State(Set<String> failed, long lastFailure, @Nullable Outage outage) {

    boolean isOpenedAfter(long begun) {
      return outage != null && begun - outage.since < 0;
    }

    /** What began before the last failure was known says nothing new. */
    State failed(String key, long begun, long now, String reason) {
      if (outage != null
          || failed.contains(key)
          || (!failed.isEmpty() && begun - lastFailure < 0)) {
        return this;
      }
      Set<String> more = new HashSet<>(failed);
      more.add(key);
      return more.size() < KEYS
          ? new State(Set.copyOf(more), now, null)
          : new State(Set.of(), now, new Outage(now, 0, now, reason));
    }

    @SuppressWarnings("ReferenceEquality") // another outage may have begun since
    State probed(Outage at, long next) {
      return outage == at
          ? new State(failed, lastFailure, new Outage(at.since, at.probes + 1, next, at.reason))
          : this;
    }
  }

  private record Outage(long since, int probes, long nextProbe, String reason) {}
}
