package io.deriver.soak.worker;

import io.deriver.ClaimedItem;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.soak.ledger.Fate;
import io.deriver.soak.ledger.LedgerWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** The processor: its entry, then what {@link Behaviour} says, then its effects. */
final class Work implements Processor<Message> {

  private final String process;
  private final long seed;
  private final PostgresQueue queue;
  private final LedgerWriter ledger;
  private final Duration timeout;
  private final boolean effectsOutside;

  /**
   * @param effectsOutside whether effects are committed by themselves, which breaks what the soak
   *     is there to show
   */
  Work(
      String process,
      long seed,
      PostgresQueue queue,
      LedgerWriter ledger,
      Duration timeout,
      boolean effectsOutside) {
    this.process = process;
    this.seed = seed;
    this.queue = queue;
    this.ledger = ledger;
    this.timeout = timeout;
    this.effectsOutside = effectsOutside;
  }

  @Override
  public Outcome process(WorkUnit<Message> unit, RunContext run) throws Exception {
    List<Long> items = unit.items().stream().map(ClaimedItem::payload).map(Message::item).toList();
    ledger.started(process, unit.key(), run.fence(), run.attempt(), items);
    meet(items, run.attempt());
    List<Long> effects = items.stream().filter(this::hasEffect).toList();
    if (effectsOutside) {
      ledger.effectsAlone(process, unit.key(), run.fence(), effects);
      return Outcome.done();
    }
    return effects.isEmpty()
        ? Outcome.done()
        : queue.applyJdbc(tx -> ledger.effects(tx, process, unit.key(), run.fence(), effects));
  }

  private boolean hasEffect(long item) {
    return Behaviour.of(seed, item).fate() != Fate.PLAIN;
  }

  /** The unit is one call: it hangs if one of its items hangs, and fails if one of them fails. */
  private void meet(List<Long> items, int attempt) throws InterruptedException {
    if (anyOf(items, behaviour -> behaviour.hangs(attempt))) {
      new CountDownLatch(1).await();
    }
    boolean late = anyOf(items, behaviour -> behaviour.comesBackLate(attempt));
    hearNothing(late ? timeout.multipliedBy(2) : Behaviour.work(seed, items.get(0), attempt));
    if (anyOf(items, behaviour -> behaviour.fails(attempt))) {
      throw new IllegalStateException(items + " fail at attempt " + attempt);
    }
  }

  private boolean anyOf(List<Long> items, Predicate<Behaviour> which) {
    return items.stream().map(item -> Behaviour.of(seed, item)).anyMatch(which);
  }

  /** Takes its time, whoever interrupts it: so does much of what hosts call. */
  private static void hearNothing(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    boolean interrupted = false;
    for (long left; (left = until - System.nanoTime()) > 0; ) {
      LockSupport.parkNanos(left);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
