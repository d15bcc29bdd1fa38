package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeStore;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Claims units when slots are free and starts their runs. Keys on probation get a quarter of the
 * slots at most, and suspects one, whatever else waits.
 */
final class Dispatcher implements Duty.Pass {

  private static final int SUSPECTS = 1;
  private static final Duration HINT_ECHO = Duration.ofMillis(50);
  private static final ClaimBatch NOTHING = new ClaimBatch(List.of(), null);

  private final PoolSettings settings;
  private final Map<String, Served<?>> served;
  private final NodeStore store;
  private final Runs runs;
  private final AbandonedRuns abandoned;
  private final Outcomes outcomes;
  private final RunThreads threads;
  private final LeaseProof lease;
  private final ClaimCalls calls;
  private final PollRhythm rhythm;
  private final PoolClock clock;
  private final Events events;
  private final List<TypeTerms> terms;
  private volatile boolean paused;
  private volatile boolean draining;
  private volatile boolean hinted;
  private volatile boolean wantsSlots;
  private volatile boolean saturated;
  private boolean begun;

  Dispatcher(
      PoolSettings settings,
      Map<String, Served<?>> served,
      NodeStore store,
      Runs runs,
      AbandonedRuns abandoned,
      Outcomes outcomes,
      RunThreads threads,
      LeaseProof lease,
      ClaimCalls calls,
      PollRhythm rhythm,
      PoolClock clock,
      Events events) {
    this.settings = settings;
    this.served = served;
    this.store = store;
    this.runs = runs;
    this.abandoned = abandoned;
    this.outcomes = outcomes;
    this.threads = threads;
    this.lease = lease;
    this.calls = calls;
    this.rhythm = rhythm;
    this.clock = clock;
    this.events = events;
    this.terms = new ArrayList<>(served.values().stream().map(this::termsOf).toList());
  }

  private TypeTerms termsOf(Served<?> one) {
    Duration guard =
        one.limits()
            .timeout()
            .plus(settings.completionGrace())
            .plus(one.limits().zombiePolicy().holdFor());
    return new TypeTerms(
        one.type().name(),
        guard,
        one.limits().maxItems(),
        one.limits().maxBytes(),
        one.limits().maxAttempts());
  }

  @Override
  public Duration run() {
    if (!begun) {
      begun = true;
      return rhythm.startUp();
    }
    if (paused || draining) {
      return Duty.UNTIL_WOKEN;
    }
    boolean wasHinted = hinted;
    hinted = false;
    // Before the capacity is read, so that a slot that comes back in between ends the rest.
    wantsSlots = true;
    int capacity = capacity();
    if (capacity <= 0) {
      return Duty.UNTIL_WOKEN;
    }
    ClaimBatch batch = claim(capacity);
    if (!batch.claims().isEmpty()) {
      rhythm.reset();
      return Duration.ZERO;
    }
    wantsSlots = capacity < settings.slots() && quotasBind();
    if (wasHinted) {
      // Another node may have been at the same keys, or an enqueue shortly behind its hint.
      rhythm.reset();
      return HINT_ECHO;
    }
    return untilDue(batch, rhythm.rest());
  }

  private static Duration untilDue(ClaimBatch batch, Duration rest) {
    Duration due = batch.nextDue();
    return due != null && due.compareTo(rest) < 0 ? due : rest;
  }

  /** How many keys can be claimed now; everything is derived, nothing counted on the side. */
  private int capacity() {
    if (abandoned.atCap()) {
      if (!saturated) {
        saturated = true;
        events.publish(
            new PoolEvent.Saturated(
                abandoned.count(), abandoned.cap(), RunNames.oldest(abandoned.all(), clock)));
      }
      return 0;
    }
    if (saturated) {
      saturated = false;
      events.publish(new PoolEvent.Resumed(abandoned.count()));
    }
    int unwritten = settings.maxUnwritten() - outcomes.waiting();
    return Math.min(settings.slots() - runs.size(), unwritten);
  }

  private boolean quotasBind() {
    return runs.count(Standing.PROBATION) >= settings.probationSlots()
        || runs.count(Standing.SUSPECT) >= SUSPECTS;
  }

  private ClaimBatch claim(int capacity) {
    calls.begin();
    try {
      // Looked at once more: a drain waits for calls that have begun, and for no others.
      return draining ? NOTHING : claimAndStart(capacity);
    } catch (Throwable failure) {
      calls.failed();
      throw failure;
    } finally {
      calls.end();
    }
  }

  private ClaimBatch claimAndStart(int capacity) {
    long begin = clock.nanoTime();
    Collections.rotate(terms, 1);
    ClaimBatch batch =
        store.claim(
            new ClaimRequest(
                terms,
                capacity,
                Math.max(0, settings.probationSlots() - runs.count(Standing.PROBATION)),
                Math.max(0, SUSPECTS - runs.count(Standing.SUSPECT))));
    if (!batch.claims().isEmpty()) {
      lease.provenAt(begin);
    }
    boolean late = clock.nanoTime() - begin > settings.completionGrace().toNanos() / 2 || draining;
    start(batch.claims().iterator(), late);
    return batch;
  }

  private void start(Iterator<Claim> claims, boolean tooLate) {
    while (claims.hasNext()) {
      try {
        start(claims.next(), tooLate);
      } catch (Throwable broken) {
        // What could not be done for one will not do for the rest, and nobody else knows of them.
        start(claims, true);
        throw broken;
      }
    }
  }

  private void start(Claim claim, boolean tooLate) {
    Served<?> one = served.get(claim.id().type());
    if (one == null) {
      throw new IllegalStateException(
          "The store handed out " + claim.id() + ", which is not served");
    }
    Run run = new Run(claim, one, clock);
    if (tooLate) {
      giveBack(run);
      return;
    }
    runs.add(run);
    try {
      threads.start(run);
    } catch (Throwable noThread) {
      giveBack(run);
      throw noThread;
    }
  }

  /** The run never began: its claim goes back, attempt uncounted. */
  private void giveBack(Run run) {
    run.markReturned();
    runs.end(run, new RunEnd.Stopped(draining ? RunEnd.Reason.DRAINED : RunEnd.Reason.NOT_STARTED));
  }

  /** A slot came back: worth a pass only if the last one wanted more than it got. */
  boolean slotFreed() {
    return wantsSlots;
  }

  void hint() {
    hinted = true;
  }

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
  }

  /** No run is started after this. */
  void drain() {
    draining = true;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isDraining() {
    return draining;
  }
}
