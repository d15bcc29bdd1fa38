package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.PoolClock;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes what runs came to, in batches. A write that fails is tried again while its claim can still
 * be ours; then it is given up, told, and the claim is left to the reaper.
 */
final class OutcomeWriter implements Duty.Pass {

  private static final int BATCH = 200;
  private static final Duration BETWEEN_ASKINGS = Duration.ofMillis(100);

  private final Outcomes outcomes;
  private final NodeStore store;
  private final PoolClock clock;
  private final Events events;
  private final Runnable workMayFollow;
  private final Burst burst = new Burst();
  private List<PendingWrite> unanswered = List.of();

  /**
   * @param workMayFollow called after writes: the keys may have more items
   */
  OutcomeWriter(
      Outcomes outcomes, NodeStore store, PoolClock clock, Events events, Runnable workMayFollow) {
    this.outcomes = outcomes;
    this.store = store;
    this.clock = clock;
    this.events = events;
    this.workMayFollow = workMayFollow;
  }

  @Override
  public Duration run() {
    int ready = burst.gathered(outcomes::ready, BATCH);
    List<PendingWrite> batch = new ArrayList<>(unanswered);
    batch.addAll(outcomes.take(BATCH - Math.min(BATCH, batch.size())));
    burst.was(ready);
    if (batch.isEmpty()) {
      return Duty.UNTIL_WOKEN;
    }
    // Until each is answered they are all in doubt: whatever stops this pass must lose none.
    unanswered = batch.stream().map(PendingWrite::doubted).toList();
    List<WriteAnswer> answers;
    try {
      answers = store.write(batch.stream().map(PendingWrite::write).toList());
      requireOneEach(answers, batch.size());
    } catch (Throwable failure) {
      unanswered = giveUpTheLate(unanswered, ErrorText.brief(failure));
      throw failure;
    }
    List<PendingWrite> undecided = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      PendingWrite pending = batch.get(i);
      if (!settled(pending, answers.get(i))) {
        undecided.add(answers.get(i) == WriteAnswer.LOST ? pending.doubted() : pending);
      }
    }
    unanswered = giveUpTheLate(undecided, "the store could not tell whether the claim stands");
    workMayFollow.run();
    return unanswered.isEmpty() ? Duration.ZERO : BETWEEN_ASKINGS;
  }

  // Before the first is acted on: who was told what it came to must not be written once more.
  private static void requireOneEach(List<WriteAnswer> answers, int writes) {
    if (answers.size() != writes || answers.stream().anyMatch(Objects::isNull)) {
      throw new IllegalStateException(
          "The store must answer each of %d writes; it answered %s".formatted(writes, answers));
    }
  }

  private boolean settled(PendingWrite pending, WriteAnswer answer) {
    switch (answer) {
      case WRITTEN, DRAINED ->
          pending.ending().told(pending.write().claim(), answer).forEach(events::publish);
      case REFUSED ->
          events.publish(
              pending.inDoubt()
                  ? new PoolEvent.WriteUnknown(pending.write().claim(), what(pending.write()))
                  : new PoolEvent.WriteRefused(pending.write().claim(), what(pending.write())));
      case UNDECIDED, LOST -> {
        return false;
      }
    }
    outcomes.paid(pending.fence());
    return true;
  }

  private List<PendingWrite> giveUpTheLate(List<PendingWrite> writes, String error) {
    List<PendingWrite> kept = new ArrayList<>();
    for (PendingWrite pending : writes) {
      if (clock.nanoTime() - pending.lateAfter() < 0) {
        kept.add(pending);
      } else {
        outcomes.paid(pending.fence());
        events.publish(
            new PoolEvent.WriteGivenUp(pending.write().claim(), what(pending.write()), error));
      }
    }
    return kept;
  }

  static String what(OutcomeWrite write) {
    return write.end().getClass().getSimpleName();
  }
}
