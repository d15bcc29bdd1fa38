package io.deriver.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Health;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.RunContext;
import io.deriver.testkit.pool.PoolTime;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A provider that is down is not a poison unit: an hour of it costs few calls and no item that is
 * younger than {@code maxAge}, and when it is back everything is worked at once.
 */
@Timeout(300)
class OutageTest {

  private static final ItemType<String> TYPE = ItemType.of("summary", String.class);
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int SLOTS = 8;
  private static final int KEYS = 100;

  /** Probes of an hour: half a minute apart at least, and six while they grow to that. */
  private static final int MOST_PROBES = 120 + 6;

  /** Three rounds of all slots until it is clear, and one that began meanwhile. */
  private static final int MOST_BEFORE = 4 * SLOTS;

  private final PoolTime time = new PoolTime();
  private final InMemoryWorkStore store = new InMemoryWorkStore(time.clock());
  private final AtomicBoolean down = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final List<PoolEvent> events = new CopyOnWriteArrayList<>();

  /** What a call comes to while the provider is down. */
  @FunctionalInterface
  private interface Outage {
    void meet(RunContext run) throws Exception;
  }

  private Pool pool(Outage outage, Consumer<Limits.Builder> limits) {
    return Pool.builder(store)
        .clock(time.clock())
        .slots(SLOTS)
        .listener(events::add)
        .processor(
            TYPE,
            (unit, run) -> {
              calls.incrementAndGet();
              if (down.get()) {
                outage.meet(run);
              }
              time.workFor(run, STEP);
              done.incrementAndGet();
              return Outcome.done();
            },
            limits)
        .start();
  }

  private void refuse(RunContext run) throws InterruptedException {
    time.workFor(run, STEP);
    throw new Unavailable();
  }

  /** As the exceptions of many clients are. */
  private static final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable() {
      super("service unavailable");
    }

    @SuppressWarnings({"unused", "EffectivelyPrivate"}) // read as that of any client's exception
    public int statusCode() {
      return 503;
    }
  }

  private void enqueue(int keys) {
    for (int i = 0; i < keys; i++) {
      store.enqueue(Item.of(TYPE, "key" + i, "x"));
    }
  }

  private <E extends PoolEvent> List<E> told(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void anHourOfFailuresCostsFewCallsAndNoItem() throws Exception {
    anHour("failures", KEYS, this::refuse, limits -> {});
  }

  @Test
  void anHourInWhichNothingAnswersDoesNotEither() throws Exception {
    anHour("silence", KEYS, time::hang, limits -> limits.timeout(Duration.ofSeconds(30)));
  }

  @Test
  void norDoesOneOfAFewKeys() throws Exception {
    anHour("failures, four keys", 4, this::refuse, limits -> {});
  }

  private void anHour(String what, int keys, Outage outage, Consumer<Limits.Builder> limits)
      throws Exception {
    down.set(true);
    enqueue(keys);
    Pool pool = pool(outage, limits);
    try {
      time.passUntil(pool, () -> !told(PoolEvent.BreakerOpened.class).isEmpty(), STEP, HOUR);
      int before = calls.get();
      time.pass(pool, HOUR, STEP);
      System.out.printf(
          "An hour of %s: %d calls until the breaker opened, %d probes, %d keys, %d slots%n",
          what, before, calls.get() - before, keys, SLOTS);
      assertThat(before).isBetween(3, MOST_BEFORE);
      assertThat(calls.get() - before).isBetween(40, MOST_PROBES);
      assertThat(store.counts().deadLetters()).isZero();
      assertThat(store.counts().pendingItems()).isEqualTo(keys);
      assertThat(pool.health().readiness()).isEqualTo(Health.Status.DEGRADED);
      assertThat(pool.health().reasons())
          .anyMatch(it -> it.startsWith("all of type summary fails"));

      down.set(false);
      time.passUntil(
          pool,
          () -> !told(PoolEvent.BreakerClosed.class).isEmpty(),
          STEP,
          Duration.ofMinutes(1).plus(Duration.ofSeconds(35)));
      time.passUntil(pool, () -> done.get() == keys, STEP, Duration.ofMinutes(12));
      assertThat(store.counts().deadLetters()).isZero();
      assertThat(told(PoolEvent.BreakerOpened.class)).hasSize(1);
    } finally {
      time.close(pool);
    }
  }

  @Test
  void whatIsOlderThanMaxAgeIsNotExcusedAnyMore() throws Exception {
    down.set(true);
    enqueue(4);
    Pool pool = pool(this::refuse, limits -> limits.maxAge(Duration.ofMinutes(30)));
    try {
      time.pass(pool, Duration.ofMinutes(29), STEP);
      assertThat(store.counts().deadLetters()).as("younger").isZero();
      time.passUntil(pool, () -> store.counts().deadLetters() == 4, STEP, HOUR);
      assertThat(store.counts().pendingItems()).isZero();
    } finally {
      time.close(pool);
    }
  }

  @Test
  void badKeysThatAreAloneAreSetAsideAsEver() throws Exception {
    down.set(true);
    enqueue(SLOTS);
    Pool pool = pool(time::hang, limits -> limits.timeout(Duration.ofSeconds(30)));
    try {
      time.passUntil(pool, () -> store.counts().deadLetters() == SLOTS, STEP, HOUR.multipliedBy(2));
      assertThat(store.counts().pendingItems()).isZero();
    } finally {
      time.close(pool);
    }
  }

  @Test
  void oneBadKeyAmongHealthyOnesIsSetAsideAsEver() throws Exception {
    store.enqueue(Item.of(TYPE, "bad", "x"));
    enqueue(3);
    AtomicInteger next = new AtomicInteger();
    Pool pool =
        Pool.builder(store)
            .clock(time.clock())
            .slots(SLOTS)
            .listener(events::add)
            .processor(
                TYPE,
                (unit, run) -> {
                  time.workFor(run, STEP);
                  if (unit.key().equals("bad")) {
                    throw new IllegalStateException("poison");
                  }
                  store.enqueue(Item.of(TYPE, "key" + next.getAndIncrement() % 3, "x"));
                  return Outcome.done();
                })
            .start();
    try {
      time.passUntil(pool, () -> store.counts().deadLetters() == 1, STEP, HOUR);
      assertThat(told(PoolEvent.BreakerOpened.class)).isEmpty();
    } finally {
      time.close(pool);
    }
  }
}
