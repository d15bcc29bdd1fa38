package io.deriver.testkit.pool;

import io.deriver.Health;
import io.deriver.Health.RunInfo;
import io.deriver.Pool;
import io.deriver.RunContext;
import io.deriver.internal.Checks;
import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import io.deriver.testkit.internal.Threads;
import io.deriver.testkit.time.ManualPoolClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Owns the time of a pool: it goes on only while everybody waits, all duties on the clock and every
 * live run in one of the waits below. So what the pool and its processors do takes no simulated
 * time but what they ask for, and an hour passes in seconds.
 *
 * <p>What holds: at each step all that the step sets off has happened before the next one. What
 * does not: a thread that waits for anything else than this time, a socket say, is not known to
 * wait; a {@link PoolTester} can be told of such runs.
 *
 * <p>The waits are for processors, or for the fakes that they call, on any thread of the run. The
 * other methods are for the one thread that lets time pass.
 */
public final class PoolTime {

  /** How far time goes at once while work is claimed: limits end a run at most so much late. */
  public static final Duration STEP = Duration.ofMillis(250);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FOR_EVER = Duration.ofDays(36_500);
  private static final Duration MAX_WORK = Duration.ofDays(366);
  private static final String ANOTHER_TIME =
      "A run waits in another PoolTime than this pool's: give PoolTester.with(time, ..) the one that"
          + " the processor's fake has.";
  private static final long TICK_NANOS = Duration.ofMillis(50).toNanos();
  private static final long LOOK_AGAIN_NANOS = 20_000;

  private final ManualPoolClock clock;
  private final Duration patience;
  private final Set<Wait> parked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger onClock = new AtomicInteger();
  private final AtomicLong changes = new AtomicLong();

  /** A time of its own, with a patience of 10 s. */
  public PoolTime() {
    this(new ManualPoolClock(), PATIENCE);
  }

  /**
   * The time of this clock, which nobody else may advance.
   *
   * @param patience how long, in real time, the pool may take to come to rest; 1 ms to 1 hour. What
   *     runs for longer is reported with its stack
   * @throws IllegalArgumentException if it is out of its range
   */
  public PoolTime(ManualPoolClock clock, Duration patience) {
    this.clock = clock;
    this.patience = Checks.between("patience", patience, Duration.ofMillis(1), Duration.ofHours(1));
  }

  /** The clock that pool and store are to have. */
  public ManualPoolClock clock() {
    return clock;
  }

  /** The same for a pool, whose watchdog looks at every step: it rests for so short a time. */
  PoolClock poolClock() {
    return new PoolClock() {
      @Override
      public long nanoTime() {
        return clock.nanoTime();
      }

      @Override
      public void await(Signal signal, long untilNanos) throws InterruptedException {
        long now = clock.nanoTime();
        boolean isTick = untilNanos - now <= TICK_NANOS;
        changes.incrementAndGet();
        try {
          clock.await(signal, isTick ? Math.min(untilNanos, now + 1) : untilNanos);
        } finally {
          changes.incrementAndGet();
        }
      }
    };
  }

  /** Simulated time since the start. */
  public Duration now() {
    return Duration.ofNanos(clock.nanoTime());
  }

  /**
   * For processors: works for so long of the simulated time.
   *
   * @param time zero to 366 days
   * @throws IllegalArgumentException if the run is a {@link TestRun}: nobody lets its time pass
   * @throws InterruptedException if the run is ended meanwhile
   */
  public void workFor(RunContext run, Duration time) throws InterruptedException {
    requirePool(run);
    Checks.between("time", time, Duration.ZERO, MAX_WORK);
    long until = clock.nanoTime() + time.toNanos();
    Wait wait = new Wait(run, until, false);
    onClock.incrementAndGet();
    parked.add(wait);
    changes.incrementAndGet();
    try {
      clock.await(new Signal(), until);
    } finally {
      changes.incrementAndGet();
      // In this order: between the two nobody takes the run for one that waits.
      parked.remove(wait);
      onClock.decrementAndGet();
    }
  }

  /**
   * For processors: hangs until interrupted.
   *
   * @throws IllegalArgumentException if the run is a {@link TestRun}: nobody interrupts it
   * @throws InterruptedException always, when the run is ended
   */
  public void hang(RunContext run) throws InterruptedException {
    workFor(run, MAX_WORK);
    throw new AssertionError("a run hung for " + MAX_WORK);
  }

  /**
   * For processors: hangs until this is done, whoever interrupts.
   *
   * @throws IllegalArgumentException if the run is a {@link TestRun}, which has no pool
   */
  public void hang(RunContext run, Future<?> until) {
    requirePool(run);
    Wait wait = new Wait(run, FOR_EVER.toNanos(), true);
    parked.add(wait);
    changes.incrementAndGet();
    boolean interrupted = false;
    try {
      while (!until.isDone()) {
        interrupted |= waitedInVain(until);
      }
    } finally {
      changes.incrementAndGet();
      parked.remove(wait);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void requirePool(RunContext run) {
    Checks.rule(
        !(run instanceof TestRun),
        "the run is a %s, which no pool ends and whose time nobody lets pass; work it on a PoolTester"
            + " that was given this PoolTime",
        TestRun.class.getSimpleName());
  }

  private static boolean waitedInVain(Future<?> until) {
    try {
      until.get();
    } catch (InterruptedException e) {
      return true;
    } catch (ExecutionException | CancellationException e) {
      return false;
    }
    return false;
  }

  /**
   * Lets this time pass in steps, after each of which the pool comes to rest. It ends with a whole
   * step, so up to one late.
   *
   * @param time zero or more
   * @param step more than zero
   * @throws IllegalArgumentException if the step is not positive
   * @throws AssertionError if the pool does not come to rest within the patience
   */
  public void pass(Pool pool, Duration time, Duration step) throws InterruptedException {
    Duration end = now().plus(time);
    passUntil(pool, () -> now().compareTo(end) >= 0, step, time);
  }

  /**
   * Lets time pass in steps, after each of which the pool comes to rest, until this holds.
   *
   * @param step more than zero
   * @param within how much simulated time that may take
   * @throws IllegalArgumentException if the step is not positive
   * @throws AssertionError if it does not within this simulated time, or if the pool does not come
   *     to rest within the patience
   */
  public void passUntil(Pool pool, BooleanSupplier condition, Duration step, Duration within)
      throws InterruptedException {
    // With a step of nothing the end would never come.
    Checks.rule(step.compareTo(Duration.ZERO) > 0, "step is %s; it must be positive", step);
    Duration end = now().plus(within);
    rest(pool);
    while (!condition.getAsBoolean()) {
      if (now().compareTo(end) > 0) {
        throw new AssertionError("not within " + within + "; health: " + pool.health());
      }
      step(step);
      rest(pool);
    }
  }

  /**
   * Closes the pool; what that waits for, time brings.
   *
   * @throws InterruptedException if the calling thread was interrupted; the pool is closed all the
   *     same, since nobody else would bring the time
   */
  public void close(Pool pool) throws InterruptedException {
    Thread closing = Threads.daemon("pool-time-closing", pool::close);
    closing.start();
    boolean interrupted = false;
    while (closing.isAlive()) {
      clock.advance(Duration.ofMillis(10));
      try {
        closing.join(1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      throw new InterruptedException("interrupted while the pool was closed, which it is");
    }
  }

  /** Goes on by so much, without waiting for what that sets off. */
  void step(Duration by) {
    clock.advance(by);
  }

  /** How long until the first of those that work has worked; at most this. */
  Duration untilWorked(Duration most) {
    long now = clock.nanoTime();
    long first = parked.stream().mapToLong(wait -> wait.until).min().orElse(Long.MAX_VALUE);
    return first == Long.MAX_VALUE || first - now >= most.toNanos()
        ? most
        : Duration.ofNanos(Math.max(0, first - now));
  }

  /** Whether a run of this fence hangs here, and will whoever interrupts it. */
  boolean isDeaf(long fence) {
    return parked.stream().anyMatch(wait -> wait.deaf && wait.run.fence() == fence);
  }

  /** Whether a run of this fence waits here, one that was ended and has not noticed among them. */
  boolean isParked(long fence) {
    return parked.stream().anyMatch(wait -> wait.run.fence() == fence);
  }

  void rest(Pool pool) throws InterruptedException {
    awaitRest(pool, health -> health.live() == parkedAndLive(), null);
  }

  /**
   * Returns when all duties wait on the clock and the rest is as it should be.
   *
   * @param settled says so of a moment in which all duties waited
   * @param hint what a person could do if it never is; null for nothing
   * @throws AssertionError if that takes longer than the patience
   */
  void awaitRest(Pool pool, Predicate<Health> settled, @Nullable String hint)
      throws InterruptedException {
    long giveUp = System.nanoTime() + patience.toNanos();
    int duties = pool.health().duties().size();
    while (!isAtRest(pool, duties, settled)) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while the pool came to rest");
      }
      if (System.nanoTime() - giveUp > 0) {
        throw new AssertionError(restless(pool, duties, hint));
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private boolean isAtRest(Pool pool, int duties, Predicate<Health> settled) {
    // Nobody may have come or gone meanwhile: what was looked at first would be out of date.
    long before = changes.get();
    return clock.waiting() == duties + onClock.get()
        && settled.test(pool.health())
        && clock.waiting() == duties + onClock.get()
        && changes.get() == before;
  }

  private long parkedAndLive() {
    return parked.stream()
        .filter(wait -> !wait.run.isCancelled())
        .mapToLong(wait -> wait.run.fence())
        .distinct()
        .count();
  }

  private String restless(Pool pool, int duties, @Nullable String hint) {
    Health health = pool.health();
    StringBuilder text = new StringBuilder();
    text.append(
        "after %s of real time the pool has not come to rest, at %s of its own; %d live, %d unwritten"
            .formatted(patience, now(), health.live(), health.unwritten()));
    if (clock.waiting() != duties + onClock.get()) {
      text.append(
          "; %d of %d threads wait on the clock"
              .formatted(clock.waiting(), duties + onClock.get()));
    }
    health.reasons().forEach(reason -> text.append("\n  ").append(reason));
    for (RunInfo run : health.longest()) {
      if (!isParked(run.fence())) {
        text.append(
            "\n  live: type=%s key=%s attempt=%d".formatted(run.type(), run.key(), run.attempt()));
      }
    }
    String stacks = RunStacks.of(pool);
    text.append(stacks);
    if (parked.isEmpty() && stacks.contains(PoolTime.class.getName() + ".")) {
      return text.append('\n').append(ANOTHER_TIME).toString();
    }
    return hint == null ? text.toString() : text.append('\n').append(hint).toString();
  }

  /** One thread in a wait of a run; an identity, since several threads of a run may wait. */
  private static final class Wait {
    private final RunContext run;
    private final long until;
    private final boolean deaf;

    Wait(RunContext run, long until, boolean deaf) {
      this.run = run;
      this.until = until;
      this.deaf = deaf;
    }
  }
}
