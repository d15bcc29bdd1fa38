package io.deriver.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.spi.StoreException;
import io.deriver.testkit.pool.PoolTime;
import io.deriver.testkit.sim.Attempts.Attempt;
import io.deriver.testkit.sim.Attempts.End;
import io.deriver.testkit.sim.FailingStore.Caller;
import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.InMemoryWorkStore;
import io.deriver.testkit.store.StoreCounts;
import io.deriver.testkit.time.ManualPoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariants 1, 2 and 4 when the store is bad: for an hour of simulated time every call to it fails
 * at random, and at times all of them do. Nothing is lost, nothing is done twice but what was in
 * doubt, no key is tried sooner than its backoff allows, no duty runs hot, and in the end every
 * slot is free and no key claimed.
 */
@Timeout(300)
class FailingStoreTest {

  private static final ItemType<String> TYPE = ItemType.of("message", String.class);
  private static final int SLOTS = 8;
  private static final int KEYS = 40;
  private static final int MAX_ATTEMPTS = 4;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration OUTAGE = Duration.ofSeconds(12);
  private static final Duration AFTER_RELEASE = Duration.ofSeconds(1);
  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofSeconds(5), Duration.ofMinutes(2));

  private final ManualPoolClock clock = new ManualPoolClock();
  private final PoolTime time = new PoolTime(clock, Duration.ofMinutes(1));
  private final InMemoryWorkStore memory = new InMemoryWorkStore(clock);
  private final Attempts attempts = new Attempts();
  private final Map<Long, AtomicInteger> effects = new ConcurrentHashMap<>();
  private final Set<Long> doubted = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<PoolEvent> lost = new ConcurrentLinkedQueue<>();
  private final Map<Caller, Integer> mostInAMinute = new EnumMap<>(Caller.class);
  private volatile boolean calm;

  static List<Long> seeds() {
    String given = System.getProperty("deriver.sim.seeds", "1,2");
    return List.of(given.split(",", -1)).stream().map(Long::valueOf).toList();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anHourOfIt(long seed) throws Exception {
    System.out.println("deriver.sim.seeds=" + seed);
    Random random = new Random(seed);
    FailingStore failing = new FailingStore(memory, seed);
    failing.fail(0.3);
    List<Long> accepted = new ArrayList<>();
    Pool pool = start(failing, seed);
    try {
      for (int minute = 0; minute < 60; minute++) {
        for (int i = 0; i < 6; i++) {
          accepted.add(memory.enqueue(Item.of(TYPE, "key" + random.nextInt(KEYS), "x")).id());
        }
        int before = attempts.count();
        boolean outage = minute % 10 == 5;
        failing.fail(outage ? 1 : 0.3);
        time.pass(pool, OUTAGE, STEP);
        failing.fail(0.3);
        time.pass(pool, MINUTE.minus(OUTAGE), STEP);
        noDutyRunsHot(failing, attempts.count() - before);
      }
      failing.fail(0);
      calm = true;
      Duration most = BACKOFF.max().multipliedBy(MAX_ATTEMPTS).plus(Duration.ofMinutes(10));
      time.passUntil(pool, () -> memory.counts().pendingItems() == 0, STEP, most);
      time.passUntil(
          pool, () -> pool.health().live() == 0 && pool.health().unwritten() == 0, STEP, MINUTE);
      assertThat(memory.counts()).isEqualTo(new StoreCounts(0, 0, 0, memory.deadLetters().size()));
      assertThat(pool.health().slots()).isEqualTo(SLOTS);
      System.out.printf(
          "%d calls failed; %d items, %d attempts, %d dead letters, %d claims in doubt; calls in"
              + " a minute at most %s%n",
          failing.failures(),
          accepted.size(),
          attempts.count(),
          memory.deadLetters().size(),
          doubted.size(),
          mostInAMinute);
    } finally {
      time.close(pool);
    }
    judge(accepted);
  }

  private Pool start(FailingStore failing, long seed) {
    Pool.Builder builder =
        Pool.builder(failing)
            .slots(SLOTS)
            .claimAhead(seed % 2 == 0 ? SLOTS : 0)
            .clock(clock)
            .closeTimeout(Duration.ZERO)
            .listener(this::listen)
            .processor(
                TYPE,
                (unit, run) -> process(unit, run, seed),
                limits -> limits.timeout(TIMEOUT).maxAttempts(MAX_ATTEMPTS).backoff(BACKOFF));
    Pool pool = builder.build();
    while (true) {
      try {
        return pool.start();
      } catch (StoreException again) {
        // A pool whose start failed can be started again.
      }
    }
  }

  private Outcome process(WorkUnit<String> unit, RunContext run, long seed) throws Exception {
    long item = unit.items().get(0).id();
    Attempt attempt = attempts.begin(unit.key(), item, run.attempt(), run.fence(), time.now());
    int chance = calm ? 0 : new Random(seed * 31 + run.fence()).nextInt(10);
    if (chance < 4) {
      attempts.end(attempt, End.DONE, time.now());
      return Outcome.done();
    } else if (chance < 6) {
      attempts.end(attempt, End.APPLIED, time.now());
      return memory.apply(
          () -> effects.computeIfAbsent(item, i -> new AtomicInteger()).incrementAndGet());
    } else if (chance < 8) {
      attempts.end(attempt, End.FAILED, time.now());
      throw new IllegalStateException("a failure of the unit");
    }
    try {
      time.hang(run);
    } catch (InterruptedException ended) {
      // Its limit ended it; when the interrupt comes, real time decides.
      attempts.end(attempt, End.HUNG, attempt.began.plus(TIMEOUT));
      throw ended;
    }
    throw new AssertionError("a hang ends by an interrupt only");
  }

  private void listen(PoolEvent event) {
    if (event instanceof PoolEvent.WriteUnknown unknown) {
      doubted.add(unknown.claim().fence());
    } else if (event instanceof PoolEvent.WriteRefused
        || event instanceof PoolEvent.WriteGivenUp
        || event instanceof PoolEvent.LeaseLost
        || event instanceof PoolEvent.EventsDropped) {
      lost.add(event);
    }
  }

  private void noDutyRunsHot(FailingStore failing, int begun) {
    // Each bound: what the duty does when all is well, what its shortest rests after failures
    // allow, and what the work of the minute wakes it for.
    Map<Caller, Integer> most =
        Map.of(
            Caller.RENEW,
            200,
            Caller.REAP,
            60,
            Caller.CLAIM,
            150 + 6 * begun,
            Caller.WRITE,
            100 + 4 * begun,
            Caller.APPLY,
            begun);
    most.forEach(
        (caller, bound) -> {
          int calls = failing.takeCalls(caller);
          mostInAMinute.merge(caller, calls, Math::max);
          assertThat(calls)
              .as("calls of %s in a minute with %d attempts", caller, begun)
              .isLessThanOrEqualTo(bound);
        });
  }

  private void judge(List<Long> accepted) {
    assertThat(lost).as("the lease was kept, so no write was refused or given up").isEmpty();
    assertThat(attempts.tooSoon(BACKOFF, AFTER_RELEASE)).isEmpty();
    Set<Long> dead = new HashSet<>();
    memory.deadLetters().stream().map(DeadLetter::id).forEach(dead::add);
    Map<Long, List<Attempt>> done = attempts.byItem(End.DONE, End.APPLIED);
    for (Long item : accepted) {
      List<Attempt> ofItem = done.getOrDefault(item, List.of());
      if (!dead.contains(item)) {
        assertThat(ofItem).as("item %s is neither dead nor done", item).isNotEmpty();
      }
      // A step whose commit is in doubt gives its claim back; all others are done once.
      assertThat(ofItem.stream().filter(attempt -> attempt.end() == End.DONE).count())
          .as("%s", ofItem)
          .isLessThanOrEqualTo(1);
      AtomicInteger applied = effects.get(item);
      assertThat(applied == null ? 0 : applied.get()).as("%s", ofItem).isLessThanOrEqualTo(1);
    }
    assertThat(effects.keySet())
        .as("what took effect is not dead")
        .doesNotContainAnyElementsOf(dead);
    assertThat(doubted).as("answers were lost, and it was noticed").isNotEmpty();
  }
}
