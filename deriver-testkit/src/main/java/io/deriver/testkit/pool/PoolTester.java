package io.deriver.testkit.pool;

import io.deriver.Health;
import io.deriver.Health.RunInfo;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Pool;
import io.deriver.internal.Checks;
import io.deriver.spi.ClaimId;
import io.deriver.testkit.store.InMemoryWorkStore;
import io.deriver.testkit.store.PendingKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.AssertProvider;

/**
 * A real pool on the store in memory, whose time the test owns. Processors run on the pool's own
 * threads; between the calls of the test nothing happens and no time passes.
 *
 * <pre>{@code
 * try (PoolTester tester = PoolTester.with(pool -> pool.processor(SUMMARY, processor))) {
 *   tester.enqueue(Item.of(SUMMARY, "conversation:1", "hello"));
 *   tester.drain();
 *   assertThat(tester.unit(SUMMARY, "conversation:1")).completed().tookAttempts(1);
 * }
 * }</pre>
 *
 * <p>How time passes. A call lets the pool work until it has come to rest: each live run has ended,
 * in real time, or is known to wait. Only then time goes on, by a step, and the pool comes to rest
 * again. A run is known to wait if its key was named by {@link #hangs}, if {@link #awaitRunning}
 * saw it live, or if it is in a wait of the {@link PoolTime}. One that does neither end nor wait
 * within the {@linkplain PoolTime#PoolTime(io.deriver.testkit.time.ManualPoolClock, Duration)
 * patience} is an AssertionError with its stack.
 *
 * <p>What holds: what happens when, by the simulated time, depends on the processors alone, and
 * limits end a run with the step in which they pass, at most {@link PoolTime#STEP} late. A run that
 * was ended by force gets half a second of real time to return before time goes on. What does not:
 * runs that end at the same moment have no order, unless the pool has one slot; and a rest after a
 * failed attempt is random between half and the whole of its {@code Backoff}, as in life: where the
 * exact moment matters, answer {@code Outcome.retryAfter}, or use a backoff of 1 ms, since time
 * goes in whole ones.
 *
 * <p>AssertJ's own {@code assertThat} takes it, and gives a {@link PoolTesterAssert}. To be used by
 * one thread; {@link #enqueue} by any.
 */
public final class PoolTester implements AutoCloseable, AssertProvider<PoolTesterAssert> {

  private static final Duration MILLI = Duration.ofMillis(1);
  private static final Duration DRAIN = Duration.ofDays(1);
  private static final Duration MAX = Duration.ofDays(366);
  private static final long RETURN_NANOS = Duration.ofMillis(500).toNanos();
  private static final String HINT =
      "A run must end, or be known to wait, before time goes on. If it is meant to hang, say"
          + " hangs(type, key) or awaitRunning(n), then advance the time past its timeout.";

  private static final String DUE = "due";

  private final PoolTime time;
  private final InMemoryWorkStore store;
  private final StandingClaims claims;
  private final RunLog log;
  private final Pool pool;
  private final EnqueuedItems enqueued = new EnqueuedItems();
  private final Set<String> hanging = ConcurrentHashMap.newKeySet();
  private final Set<Long> seenRunning = ConcurrentHashMap.newKeySet();
  private final EndedByForce ended = new EndedByForce(RETURN_NANOS);

  private PoolTester(PoolTime time, Consumer<Pool.Builder> settings) {
    this.time = time;
    store = new InMemoryWorkStore(time.clock());
    claims = new StandingClaims();
    log = new RunLog(time.clock());
    Pool.Builder builder =
        Pool.builder(new WatchedStore(store, claims)).closeTimeout(Duration.ZERO);
    settings.accept(builder);
    pool = builder.clock(time.poolClock()).listener(log).build();
    pool.start();
    pool.pause();
  }

  /**
   * Starts a pool with these settings, on a store and a time of its own.
   *
   * @param settings sets what production would set, processors at least; the clock is replaced, and
   *     the close timeout is zero unless it is set
   * @throws IllegalArgumentException as {@link Pool.Builder#build()}
   */
  public static PoolTester with(Consumer<Pool.Builder> settings) {
    return with(new PoolTime(), settings);
  }

  /** As {@link #with(Consumer)}, with a time that the processors' fakes know, too. */
  public static PoolTester with(PoolTime time, Consumer<Pool.Builder> settings) {
    return new PoolTester(time, settings);
  }

  /** The time, for processors that work for some of it. */
  public PoolTime time() {
    return time;
  }

  /** The store, for outcomes of {@code apply}, counts and dead letters. */
  public InMemoryWorkStore store() {
    return store;
  }

  /** The pool. Between calls it is paused. */
  public Pool pool() {
    return pool;
  }

  /**
   * Enqueues an item; the pool sees it when time next passes. {@code tester::enqueue} can stand
   * where the host's code takes a {@code Consumer<Item<?>>}.
   *
   * @throws IllegalArgumentException as {@link InMemoryWorkStore#enqueue}
   */
  public void enqueue(Item<?> item) {
    store.enqueue(item);
    enqueued.accept(item);
  }

  /** What was enqueued by {@link #enqueue}, of this type, in its order, whatever became of it. */
  public <T> List<Item<T>> enqueued(ItemType<T> type) {
    return enqueued.of(type);
  }

  /**
   * From now on runs of this key are known to hang: time passes over them, so that limits end them.
   */
  public void hangs(ItemType<?> type, String key) {
    hanging.add(name(type.name(), key));
  }

  /**
   * Lets the pool work until it is at rest, without a moment's passing. Runs that {@link
   * #awaitRunning} saw are waited for, too: a test that had them wait has let them go.
   *
   * @throws AssertionError if a live run does not end within the patience
   */
  public void runUntilIdle() throws InterruptedException {
    seenRunning.clear();
    letItWork(this::rest);
  }

  /**
   * Lets the pool work, without a moment's passing, until exactly so many runs are live. They are
   * taken to hang from then on.
   *
   * @throws AssertionError if that takes longer than the patience
   */
  public void awaitRunning(int runs) throws InterruptedException {
    letItWork(
        () -> {
          time.awaitRest(
              pool,
              health -> health.live() == runs && isSettled(health, true),
              "%d live runs were awaited.".formatted(runs));
          claims.all().forEach(claim -> seenRunning.add(claim.fence()));
        });
  }

  /**
   * Lets this time pass.
   *
   * @param by zero to 366 days; while work is claimed, a simulated minute takes some tens of
   *     milliseconds
   * @throws AssertionError if the pool does not come to rest
   */
  public void advance(Duration by) throws InterruptedException {
    Duration end = time.now().plus(Checks.between("by", by, Duration.ZERO, MAX));
    letItWork(
        () -> {
          rest();
          while (time.now().compareTo(end) < 0) {
            step(end.minus(time.now()));
          }
        });
  }

  /** {@link #drain(Duration)} within a day of simulated time. */
  public void drain() throws InterruptedException {
    drain(DRAIN);
  }

  /**
   * Lets time pass until every item is done or dead, and no run is live.
   *
   * @param within how much simulated time that may take, zero to 366 days
   * @throws AssertionError if it takes longer; the message names what is left
   */
  public void drain(Duration within) throws InterruptedException {
    Duration end = time.now().plus(Checks.between("within", within, Duration.ZERO, MAX));
    letItWork(
        () -> {
          rest();
          while (store.counts().pendingItems() > 0 || pool.health().live() > 0) {
            Duration left = end.minus(time.now());
            if (left.isZero()) {
              throw new AssertionError(
                  "after %s of simulated time this is left:\n%s".formatted(within, whatIsLeft()));
            }
            step(left);
          }
        });
  }

  /** What became of a key so far. */
  public UnitHistory unit(ItemType<?> type, String key) {
    return new UnitHistory(
        type.name(), key, log.ends().of(type, key), store.pending(type.name(), key).size());
  }

  /** How claims have ended so far: by their moment and, within one, by their fence. */
  public List<UnitEnd> ends() {
    return log.ends().all().stream()
        .sorted(Comparator.comparing(UnitEnd::at).thenComparingLong(end -> end.claim().fence()))
        .toList();
  }

  @Override
  public PoolTesterAssert assertThat() {
    return new PoolTesterAssert(this);
  }

  /** Ends what is live by force and closes the pool. Threads that do not return are daemons. */
  @Override
  public void close() {
    try {
      time.close(pool);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String whatIsLeft() {
    String left =
        store.pendingKeys().stream().map(this::describe).collect(Collectors.joining("\n"));
    String reasons =
        pool.health().reasons().stream()
            .filter(reason -> !reason.equals("the pool is paused"))
            .map(reason -> "\n  the pool: " + reason)
            .collect(Collectors.joining());
    return left + reasons;
  }

  private String describe(PendingKey left) {
    Duration due = Duration.between(time.clock().instant(), left.claimableAt());
    String state =
        left.claimed() ? "being worked" : due.isNegative() || due.isZero() ? DUE : "due in " + due;
    List<UnitEnd> ends =
        log.ends().all().stream()
            .filter(end -> end.type().equals(left.type()) && end.key().equals(left.key()))
            .toList();
    return "  type=%s key=%s: %d items, %s%s"
        .formatted(
            left.type(),
            left.key(),
            left.items(),
            state,
            ends.isEmpty() ? neverWorked(state) : "; the last end: " + ends.get(ends.size() - 1));
  }

  private static String neverWorked(String state) {
    return state.equals(DUE) ? ", never worked; has the pool a processor for this type?" : "";
  }

  private void letItWork(Work work) throws InterruptedException {
    pool.resume();
    try {
      work.run();
    } finally {
      pool.pause();
    }
  }

  private void rest() throws InterruptedException {
    time.awaitRest(pool, health -> isSettled(health, false), HINT);
  }

  private void step(Duration most) throws InterruptedException {
    // With nothing claimed nothing happens before the next key is due, but polls that find nothing.
    Duration by = claims.all().isEmpty() ? most : shorter(most, time.untilWorked(PoolTime.STEP));
    Instant now = time.clock().instant();
    by =
        store.pendingKeys().stream()
            .filter(key -> !key.claimed() && key.claimableAt().isAfter(now))
            .map(key -> Duration.between(now, key.claimableAt()))
            .reduce(by, PoolTester::shorter);
    time.step(shorter(most, wholeMillis(by)));
    rest();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** At least one, and what is begun counts whole. */
  private static Duration wholeMillis(Duration time) {
    Duration whole = Duration.ofMillis(time.plusNanos(999_999).toMillis());
    return whole.isZero() ? MILLI : whole;
  }

  /** Whether all that the last step set off has happened; the duties wait already. */
  private boolean isSettled(Health health, boolean anyMayRun) {
    Set<Long> byForce = health.abandoned().stream().map(RunInfo::fence).collect(Collectors.toSet());
    int live = 0;
    int held = 0;
    for (ClaimId claim : claims.all()) {
      if (byForce.contains(claim.fence())) {
        held++;
      } else if (log.hasBegun(claim.fence()) && (anyMayRun || isKnownToWait(claim))) {
        live++;
      } else {
        return false;
      }
    }
    byForce.removeIf(time::isDeaf);
    return health.live() == live
        && health.unwritten() <= held
        && log.hasHeardOf(claims.ended())
        && ended.hadTheirTime(byForce);
  }

  private boolean isKnownToWait(ClaimId claim) {
    return time.isParked(claim.fence())
        || seenRunning.contains(claim.fence())
        || hanging.contains(name(claim.type(), claim.key()));
  }

  private static String name(String type, String key) {
    return type + '\n' + key;
  }

  /** What is done while the pool may claim. */
  @FunctionalInterface
  private interface Work {
    void run() throws InterruptedException;
  }
}
