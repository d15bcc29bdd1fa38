package io.deriver.benchmarks.hangs;

import io.deriver.Outcome;
import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.benchmarks.measure.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Calls that take a fixed time, and calls that hang until they are let go. Each attempt has its
 * tenth of hanging ones: of the first attempts those whose number 10 divides, of the second those
 * whose number 100 divides, and so on. Thread-safe.
 */
final class Calls implements Processor<String>, PoolListener {

  /** What the healthy ones take. */
  static final Duration TIME = Duration.ofMillis(20);

  private static final int ONE_IN = 10;
  private static final long PATIENCE_MINUTES = 10;

  private final Hanging hanging;
  private final CountDownLatch steadyOnes;
  private final AtomicInteger healthy = new AtomicInteger();
  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Seen> firstTimeout = new AtomicReference<>();
  private final CountDownLatch letGo = new CountDownLatch(1);

  /** Which calls hang, and how. */
  enum Hanging {
    NONE,
    HEEDS_INTERRUPTS,
    DEAF
  }

  /**
   * What was seen at a moment.
   *
   * @param at {@link System#nanoTime()}
   * @param healthy how many calls had ended well by then
   */
  record Seen(long at, int healthy) {}

  Calls(Hanging hanging, int items) {
    this.hanging = hanging;
    steadyOnes = new CountDownLatch(items - hangingAtFirst(hanging, items));
  }

  private static int hangingAtFirst(Hanging hanging, int items) {
    return hanging == Hanging.NONE ? 0 : (items + ONE_IN - 1) / ONE_IN;
  }

  /** Whether the item of this number hangs at this attempt; the first is 1. */
  static boolean hangs(int number, int attempt) {
    return number % Math.pow(ONE_IN, attempt) == 0;
  }

  @Override
  public Outcome process(WorkUnit<String> unit, RunContext run) throws InterruptedException {
    int number = Payloads.number(unit.payloads().get(0));
    if (hanging != Hanging.NONE && hangs(number, run.attempt())) {
      begun.put(name(unit.key(), run.attempt()), System.nanoTime());
      hang();
    }
    take(System.nanoTime() + TIME.toNanos());
    healthy.incrementAndGet();
    if (hanging == Hanging.NONE || !hangs(number, 1)) {
      steadyOnes.countDown();
    }
    return Outcome.done();
  }

  // This is the work, and takes its time whatever happens.
  private static void take(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void hang() throws InterruptedException {
    while (letGo.getCount() > 0) {
      try {
        letGo.await();
      } catch (InterruptedException e) {
        if (hanging == Hanging.HEEDS_INTERRUPTS) {
          throw e;
        }
        // Deaf: it takes no notice.
      }
    }
  }

  @Override
  public void onEvent(PoolEvent event) {
    if (event instanceof PoolEvent.RunTimedOut timedOut) {
      firstTimeout.compareAndSet(null, now());
      String name = name(timedOut.claim().key(), timedOut.attempt());
      long from = begun.getOrDefault(name, System.nanoTime());
      held.put(name, new Held(from, from + timedOut.after().toNanos()));
    }
  }

  private static String name(String key, int attempt) {
    return key + ", attempt " + attempt;
  }

  /** Waits until all items that never hang are done. */
  Seen awaitSteady() throws InterruptedException {
    if (!steadyOnes.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      throw new IllegalStateException("%d items are not done".formatted(steadyOnes.getCount()));
    }
    return now();
  }

  private Seen now() {
    return new Seen(System.nanoTime(), healthy.get());
  }

  /** When the first hung call had timed out: from then on as many end as begin. */
  @Nullable Seen firstTimeout() {
    return firstTimeout.get();
  }

  /** Whether the slot of each call that has begun to hang is free again. */
  boolean allTimedOut() {
    return held.keySet().containsAll(begun.keySet());
  }

  /** The hung calls whose slots are free again. */
  List<Held> held() {
    return List.copyOf(held.values());
  }

  void letGo() {
    letGo.countDown();
  }
}
