package io.deriver.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.PoolEvent.ClaimReaped;
import io.deriver.PoolEvent.RunTimedOut;
import io.deriver.PoolEvent.UnitCompleted;
import io.deriver.PoolEvent.WriteGivenUp;
import io.deriver.testkit.pool.PoolTime;
import io.deriver.testkit.store.FaultyWorkStore;
import io.deriver.testkit.store.FaultyWorkStore.Call;
import io.deriver.testkit.store.FaultyWorkStore.Fault;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Invariant 4: a call that was answered at the last moment counts, although the database takes the
 * outcome only long after the deadline. Renewals and reapers go on meanwhile, and leave it alone
 * until the completion grace is over.
 */
@Timeout(120)
class SlowDatabaseTest {

  private static final ItemType<String> TYPE = ItemType.of("summary", String.class);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Duration LAST_MOMENT = TIMEOUT.minusMillis(1);
  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final PoolTime time = new PoolTime();
  private final InMemoryWorkStore memory = new InMemoryWorkStore(time.clock());
  private final FaultyWorkStore store = new FaultyWorkStore(memory);
  private final AtomicInteger calls = new AtomicInteger();
  private final List<PoolEvent> events = new CopyOnWriteArrayList<>();

  private Pool pool() {
    return Pool.builder(store)
        .clock(time.clock())
        .completionGrace(GRACE)
        .listener(events::add)
        .processor(
            TYPE,
            (unit, run) -> {
              calls.incrementAndGet();
              time.workFor(run, LAST_MOMENT);
              return Outcome.done();
            },
            limits -> limits.timeout(TIMEOUT))
        .start();
  }

  private long count(Class<? extends PoolEvent> kind) {
    return events.stream().filter(kind::isInstance).count();
  }

  private Pool answeredAtTheLastMomentWhileNothingCanBeWritten() throws InterruptedException {
    store.inject(Call.WRITE, Fault.FAIL);
    memory.enqueue(Item.of(TYPE, "a", "x"));
    Pool pool = pool();
    time.passUntil(pool, () -> calls.get() == 1, Duration.ofMillis(1), STEP);
    time.pass(pool, LAST_MOMENT, LAST_MOMENT.dividedBy(1_000));
    assertThat(pool.health().unwritten()).isEqualTo(1);
    return pool;
  }

  @Test
  void aSuccessJustBeforeTheDeadlineLandsAlmostAGraceLater() throws Exception {
    Pool pool = answeredAtTheLastMomentWhileNothingCanBeWritten();
    try {
      time.pass(pool, GRACE.minusMinutes(1), STEP);
      assertThat(pool.health().unwritten()).isEqualTo(1);

      store.heal(Call.WRITE);
      time.passUntil(pool, () -> memory.counts().pendingItems() == 0, STEP, GRACE);

      assertThat(count(UnitCompleted.class)).isEqualTo(1);
      assertThat(count(RunTimedOut.class) + count(ClaimReaped.class) + count(WriteGivenUp.class))
          .isZero();
      assertThat(calls).hasValue(1);
    } finally {
      time.close(pool);
    }
  }

  @Test
  void afterTheGraceItIsGivenUpAndTold() throws Exception {
    Pool pool = answeredAtTheLastMomentWhileNothingCanBeWritten();
    try {
      time.passUntil(pool, () -> count(WriteGivenUp.class) == 1, STEP, GRACE.plusMinutes(2));
      store.heal(Call.WRITE);
      time.passUntil(pool, () -> calls.get() == 2, STEP, GRACE);
      assertThat(count(UnitCompleted.class)).isZero();
      assertThat(memory.counts().pendingItems()).isEqualTo(1);
    } finally {
      time.close(pool);
    }
  }
}
