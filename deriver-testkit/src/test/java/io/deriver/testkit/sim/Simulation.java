package io.deriver.testkit.sim;

import io.deriver.Pool;
import io.deriver.RunContext;
import io.deriver.spi.Signal;
import io.deriver.testkit.time.ManualPoolClock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Owns the time of a pool: it goes on only while everybody waits, all duties on the clock and every
 * live run in one of the waits below. So what the pool does takes no simulated time, and a duty
 * that does not come to rest is found out.
 */
final class Simulation {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN_NANOS = 20_000;

  private final ManualPoolClock clock;
  private final Set<RunContext> parked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger onClock = new AtomicInteger();

  Simulation(ManualPoolClock clock) {
    this.clock = clock;
  }

  /** Simulated time since the start. */
  Duration now() {
    return Duration.ofNanos(clock.nanoTime());
  }

  /** For processors: works for so long of the simulated time. */
  void workFor(RunContext run, Duration time) throws InterruptedException {
    onClock.incrementAndGet();
    parked.add(run);
    try {
      clock.await(new Signal(), clock.nanoTime() + time.toNanos());
    } finally {
      // In this order: between the two nobody takes the run for one that waits.
      parked.remove(run);
      onClock.decrementAndGet();
    }
  }

  /** For processors: hangs until interrupted. */
  void hang(RunContext run) throws InterruptedException {
    parked.add(run);
    try {
      new CompletableFuture<Void>().get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    } finally {
      parked.remove(run);
    }
  }

  /** For processors: hangs until this is completed, whoever interrupts. */
  void hang(RunContext run, CompletableFuture<?> until) {
    parked.add(run);
    try {
      until.join();
    } finally {
      parked.remove(run);
    }
  }

  /** Lets this time pass in steps, after each of which the pool comes to rest. */
  void pass(Pool pool, Duration time, Duration step) throws InterruptedException {
    Duration end = now().plus(time);
    passUntil(pool, () -> now().compareTo(end) >= 0, step, time);
  }

  /**
   * Lets time pass until this holds.
   *
   * @throws AssertionError if it does not within this simulated time
   */
  void passUntil(Pool pool, BooleanSupplier condition, Duration step, Duration within)
      throws InterruptedException {
    Duration end = now().plus(within);
    rest(pool);
    while (!condition.getAsBoolean()) {
      if (now().compareTo(end) > 0) {
        throw new AssertionError("not within " + within + "; health: " + pool.health());
      }
      clock.advance(step);
      rest(pool);
    }
  }

  /** Closes the pool; what that waits for, time brings. */
  void close(Pool pool) throws InterruptedException {
    Thread closing = new Thread(pool::close, "closing");
    closing.start();
    while (closing.isAlive()) {
      clock.advance(Duration.ofMillis(10));
      closing.join(1);
    }
  }

  private void rest(Pool pool) throws InterruptedException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    int duties = pool.health().duties().size();
    while (!isAtRest(pool, duties)) {
      if (System.nanoTime() - giveUp > 0) {
        throw new AssertionError(
            "at %s the pool has not come to rest for %s: %d of %d threads wait, health: %s"
                .formatted(
                    now(), PATIENCE, clock.waiting(), duties + onClock.get(), pool.health()));
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  private boolean isAtRest(Pool pool, int duties) {
    return clock.waiting() == duties + onClock.get()
        && pool.health().live() == parked.stream().filter(run -> !run.isCancelled()).count()
        && clock.waiting() == duties + onClock.get();
  }
}
