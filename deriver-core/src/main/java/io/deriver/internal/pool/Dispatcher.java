package io.deriver.internal.pool;

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
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Claims units when slots are free, as many as {@link Capacity} allows, and starts their runs; some
 * ahead of free slots, where that is wanted.
 */
final class Dispatcher implements Duty.Pass {

  private static final Duration HINT_ECHO = Duration.ofMillis(50);
  private static final Duration OF_ANY_STANDING = Duration.ofSeconds(1);
  private static final ClaimBatch NOTHING = new ClaimBatch(List.of(), null);

  private final PoolSettings settings;
  private final Map<String, Served<?>> served;
  private final NodeStore store;
  private final Runs runs;
  private final Capacity capacity;
  private final RunThreads threads;
  private final ClaimedAhead ahead;
  private final LeaseProof lease;
  private final ClaimCalls calls;
  private final TypePauses pauses;
  private final Breakers breakers;
  private final PollRhythm rhythm;
  private final PoolClock clock;
  private final List<TypeTerms> terms;
  private final Burst burst = new Burst();
  private volatile boolean paused;
  private volatile boolean draining;
  private volatile boolean hinted;
  private volatile boolean wantsSlots;
  private boolean begun;
  private int turn;
  private long lastOfAnyStanding;

  Dispatcher(
      PoolSettings settings,
      Map<String, Served<?>> served,
      NodeStore store,
      Runs runs,
      Capacity capacity,
      RunThreads threads,
      ClaimedAhead ahead,
      LeaseProof lease,
      ClaimCalls calls,
      TypePauses pauses,
      Breakers breakers,
      PoolClock clock) {
    this.settings = settings;
    this.served = served;
    this.store = store;
    this.runs = runs;
    this.capacity = capacity;
    this.threads = threads;
    this.ahead = ahead;
    this.lease = lease;
    this.calls = calls;
    this.pauses = pauses;
    this.breakers = breakers;
    this.clock = clock;
    this.lastOfAnyStanding = clock.nanoTime();
    this.rhythm =
        new PollRhythm(settings.pollMin(), settings.pollMax(), ThreadLocalRandom.current());
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
            one.limits().maxAttempts())
        .weight(one.limits().maxWeight().map(Integer::longValue).orElse(Long.MAX_VALUE))
        .running(one.limits().maxConcurrentOverall().orElse(Integer.MAX_VALUE));
  }

  @Override
  public Duration run() {
    if (!begun) {
      begun = true;
      return rhythm.startUp();
    }
    if (paused || draining) {
      ahead.giveBackAll(draining ? RunEnd.Reason.DRAINED : RunEnd.Reason.NO_SLOT);
      return Duty.UNTIL_WOKEN;
    }
    ahead.giveBackUnwanted();
    startThoseAhead();
    return ahead.untilTooLate(claimWhatMay());
  }

  private Duration claimWhatMay() {
    boolean wasHinted = hinted;
    hinted = false;
    // Before the capacity is read, so that a slot that comes back in between ends the rest.
    wantsSlots = true;
    int keys =
        burst.gathered(() -> capacity.keys(roomAhead()), settings.slots() + settings.claimAhead());
    if (keys <= 0) {
      return Duty.UNTIL_WOKEN;
    }
    ClaimBatch batch = claim(keys);
    burst.was(batch.claims().size());
    if (!batch.claims().isEmpty()) {
      rhythm.reset();
      return Duration.ZERO;
    }
    wantsSlots = capacity.free() < settings.slots() && capacity.quotasBind();
    if (wasHinted) {
      // Another node may have been at the same keys, or an enqueue shortly behind its hint.
      rhythm.reset();
      return HINT_ECHO;
    }
    return breakers.untilProbe(pauses.untilNext(untilDue(batch, rhythm.rest())));
  }

  private static Duration untilDue(ClaimBatch batch, Duration rest) {
    Duration due = batch.nextDue();
    return due != null && due.compareTo(rest) < 0 ? due : rest;
  }

  private ClaimBatch claim(int keys) {
    calls.begin();
    try {
      // Looked at once more: a drain waits for calls that have begun, and for no others.
      return draining ? NOTHING : claimAndStart(keys);
    } catch (Throwable failure) {
      calls.failed();
      throw failure;
    } finally {
      calls.end();
    }
  }

  private ClaimBatch claimAndStart(int keys) {
    long begin = clock.nanoTime();
    List<TypeTerms> open = openTerms();
    if (open.isEmpty()) {
      return NOTHING;
    }
    takeTurns();
    ClaimRequest request = request(open, keys);
    ClaimBatch batch = store.claim(request);
    if (!batch.claims().isEmpty()) {
      calls.broughtSome();
      if (request.renews()) {
        lease.provenAt(begin);
      }
    }
    if (clock.nanoTime() - begin > settings.completionGrace().toNanos() / 2 || draining) {
      giveBack(batch.claims().iterator());
    } else {
      take(batch.claims(), begin);
    }
    return batch;
  }

  /** Suspects and keys on probation only for slots that are free: they never wait for one here. */
  private ClaimRequest request(List<TypeTerms> open, int keys) {
    int suspects = capacity.suspects();
    int probation = capacity.probation();
    int free = Math.max(0, capacity.free());
    if (keys > free && suspects + probation > free) {
      suspects = Math.min(suspects, free);
      probation = Math.min(probation, free - suspects);
    } else if (free > 0) {
      lastOfAnyStanding = clock.nanoTime();
    }
    // While claims are held the lease keeper renews as often as this; then a claim need not write
    // the node's row. The first ones do: when the lease began in the call that joined is not known.
    boolean renews = calls.brought() == 0 || lease.age().compareTo(settings.renewInterval()) > 0;
    return new ClaimRequest(open, keys, probation, suspects, renews);
  }

  /**
   * None for a while each second, so that slots come free and those of any standing have theirs.
   */
  private int roomAhead() {
    return clock.nanoTime() - lastOfAnyStanding < OF_ANY_STANDING.toNanos()
        ? ahead.room(served.keySet())
        : 0;
  }

  private void take(List<Claim> claims, long claimedAt) {
    if (settings.claimAhead() == 0) {
      take(claims.iterator(), claims.size(), claimedAt);
    } else {
      List<Claim> regularLast = new ArrayList<>(claims);
      regularLast.sort(Comparator.comparing(claim -> claim.standing() == Standing.REGULAR));
      take(regularLast.iterator(), capacity.free(), claimedAt);
    }
  }

  private void startThoseAhead() {
    Run run;
    while (!ahead.isEmpty() && capacity.free() > 0 && (run = ahead.next(this::takeIn)) != null) {
      startThread(run);
    }
  }

  private boolean takeIn(Run run) {
    runs.add(run);
    return true;
  }

  /**
   * Lets another type be the first. Over time each is it as often as any other, of all calls and of
   * every fourth, which goes by age alone: with one free slot at a time the keys of the type that
   * is never first among those would wait for ever behind more urgent ones.
   */
  private void takeTurns() {
    turn = (turn + 1) % NodeStore.BY_AGE_EVERY;
    Collections.rotate(terms, turn == 0 ? 2 - NodeStore.BY_AGE_EVERY : 1);
  }

  /** Of the types that are not paused and have not as many runs as they may. */
  private List<TypeTerms> openTerms() {
    List<TypeTerms> open = new ArrayList<>();
    for (TypeTerms type : terms) {
      // Asked whatever the room: a pause that is over is forgotten by that, and would else end each
      // rest at once for as long as there is no room.
      boolean pausedNow = pauses.isPaused(type.type());
      // In this order, in which a claim goes: one that starts meanwhile counts twice, not never.
      int waiting = ahead.count(type.type());
      int room = capacity.keys(served(type.type())) - waiting;
      if (room > 0 && !pausedNow) {
        open.add(type.keys(room));
      }
    }
    return open;
  }

  private Served<?> served(String type) {
    return Objects.requireNonNull(served.get(type), type);
  }

  /** The first are started, for so many slots are free; the others wait. */
  private void take(Iterator<Claim> claims, int free, long claimedAt) {
    for (int taken = 0; claims.hasNext(); taken++) {
      try {
        Claim claim = claims.next();
        if (taken < free) {
          start(claim);
        } else {
          ahead.add(claim, servedOf(claim), claimedAt);
        }
      } catch (Throwable broken) {
        // What could not be done for one will not do for the rest, and nobody else knows of them.
        giveBack(claims);
        throw broken;
      }
    }
  }

  private void giveBack(Iterator<Claim> claims) {
    while (claims.hasNext()) {
      Claim claim = claims.next();
      giveBack(new Run(claim, servedOf(claim), clock));
    }
  }

  private void start(Claim claim) {
    Run run = new Run(claim, servedOf(claim), clock);
    runs.add(run);
    breakers.of(claim.id().type()).claimed();
    startThread(run);
  }

  private Served<?> servedOf(Claim claim) {
    Served<?> one = served.get(claim.id().type());
    if (one == null) {
      throw new IllegalStateException(
          "The store handed out " + claim.id() + ", which is not served");
    }
    return one;
  }

  private void startThread(Run run) {
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

  /**
   * A slot came back, or few claims wait: worth a pass only if the last one wanted more than it
   * got, or if a claim waits and could have the slot.
   */
  boolean slotFreed() {
    return wantsSlots || (!ahead.isEmpty() && capacity.free() > 0);
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
