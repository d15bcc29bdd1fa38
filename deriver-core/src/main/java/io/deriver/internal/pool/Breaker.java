package io.deriver.internal.pool;

import io.deriver.Backoff;
import io.deriver.BreakerPolicy;
import io.deriver.PoolEvent;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
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

  /** Whether the breaker is open after this, so that the unit is not to blame. */
  boolean excuses(Failure failure) {
    if (!policy.enabled()) {
      return false;
    }
    State before = state.getAndUpdate(now -> now.after(failure));
    State after = before.after(failure);
    if (before.outage == null && after.outage != null) {
      events.publish(new PoolEvent.BreakerOpened(type, KEYS, failure.reason));
    }
    Outage outage = outage();
    return outage != null && (failure.ofProvider || outage.excused.add(failure.key));
  }

  /** How many units of the type may be claimed now, as far as the breaker goes. */
  int room() {
    Outage outage = outage();
    if (outage == null) {
      return Integer.MAX_VALUE;
    }
    return outage.nextProbe - clock.nanoTime() <= 0 ? 1 : 0;
  }

  /** Whether units are tried one at a time. */
  boolean isOpen() {
    return outage() != null;
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

    State after(Failure failure) {
      if (outage != null || !failure.tells() || failed.contains(failure.key) || isOld(failure)) {
        return this;
      }
      Set<String> more = new HashSet<>(failed);
      more.add(failure.key);
      return more.size() < KEYS
          ? new State(Set.copyOf(more), failure.at, null)
          : new State(Set.of(), failure.at, Outage.beginning(failure));
    }

    /** What began before the last failure was known says nothing new. */
    private boolean isOld(Failure failure) {
      return !failed.isEmpty() && failure.begun - lastFailure < 0;
    }

    @SuppressWarnings("ReferenceEquality") // another outage may have begun since
    State probed(Outage at, long next) {
      return outage == at ? new State(failed, lastFailure, at.probed(next)) : this;
    }
  }

  /**
   * @param excused keys that failed meanwhile by themselves, as far as anybody can tell: each is
   *     excused once
   */
  private record Outage(
      long since, int probes, long nextProbe, String reason, Set<String> excused) {

    static Outage beginning(Failure failure) {
      return new Outage(failure.at, 0, failure.at, failure.reason, ConcurrentHashMap.newKeySet());
    }

    Outage probed(long next) {
      return new Outage(since, probes + 1, next, reason, excused);
    }
  }

  /**
   * An attempt that failed.
   *
   * @param begun when its run began, and {@code at} when it failed, on the clock's scale
   * @param ofProvider whether its provider said that it failed, or could not be reached; else it
   *     may be the unit that hangs or cannot be worked
   */
  record Failure(String key, int attempt, long begun, long at, boolean ofProvider, String reason) {

    /** Of a key that has failed by itself before it tells nothing that it fails again. */
    boolean tells() {
      return ofProvider || attempt == 1;
    }
  }
}
