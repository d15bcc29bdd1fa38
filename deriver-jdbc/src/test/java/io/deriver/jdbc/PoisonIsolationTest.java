package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Backoff;
import io.deriver.ClaimedItem;
import io.deriver.Item;
import io.deriver.ItemOutcome;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.PermanentFailureException;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.Processor;
import io.deriver.WorkUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Poisoned items among others of their key, in units of several: each is set aside by a failure of
 * its own, alone; the others end once, in order.
 */
class PoisonIsolationTest {

  private static final ItemType<Integer> TYPE = ItemType.of("message", Integer.class);
  private static final int ITEMS = 40;
  private static final Db DB = Db.installed("poison_isolation");

  /** How a unit that holds a poisoned item fails. */
  enum Failing {
    THROWS,
    REFUSES,
    ASKS_FOR_A_RETRY;

    Outcome fail() {
      return switch (this) {
        case THROWS -> throw new IllegalStateException("something in here is bad");
        case REFUSES -> throw new PermanentFailureException("something in here is bad");
        case ASKS_FOR_A_RETRY -> Outcome.retryAfter(Duration.ZERO, "something in here is bad");
      };
    }
  }

  @Property(tries = 15, shrinking = ShrinkingMode.BOUNDED)
  void onlyThePoisonedAreSetAside(
      @ForAll @Size(max = 5) Set<@IntRange(max = ITEMS - 1) Integer> poisoned,
      @ForAll @IntRange(min = 1, max = 30) int maxItems,
      @ForAll @IntRange(min = 1, max = 4) int maxAttempts,
      @ForAll Failing failing) {
    PostgresQueue queue = DB.queue();
    List<Integer> done = new CopyOnWriteArrayList<>();

    List<PoolEvent> ends =
        drain(
            queue,
            (unit, run) -> work(unit, poisoned, failing, queue, done),
            limits -> limits.maxItems(maxItems).maxAttempts(maxAttempts));

    assertThat(done).isEqualTo(healthy(poisoned));
    assertThat(dead()).isEqualTo(sorted(poisoned));
    assertThat(ends)
        .filteredOn(PoolEvent.UnitDeadLettered.class::isInstance)
        .hasSize(poisoned.size())
        .allSatisfy(
            end -> {
              PoolEvent.UnitDeadLettered letter = (PoolEvent.UnitDeadLettered) end;
              assertThat(letter.items()).isEqualTo(1);
              assertThat(letter.attempt()).isLessThanOrEqualTo(Math.max(2, maxAttempts));
            });
  }

  @Property(tries = 15, shrinking = ShrinkingMode.BOUNDED)
  void aProcessorThatKnowsWhichFailedLosesNoOther(
      @ForAll @Size(max = 5) Set<@IntRange(max = ITEMS - 1) Integer> poisoned,
      @ForAll Set<@IntRange(max = ITEMS - 1) Integer> flaky,
      @ForAll @IntRange(min = 1, max = 30) int maxItems,
      @ForAll @IntRange(min = 2, max = 4) int maxAttempts) {
    List<Integer> done = new CopyOnWriteArrayList<>();
    Set<Integer> failedOnce = ConcurrentHashMap.newKeySet();

    drain(
        DB.queue(),
        (unit, run) -> {
          Map<Long, ItemOutcome> outcomes = new HashMap<>();
          for (ClaimedItem<Integer> item : unit.items()) {
            int payload = item.payload();
            boolean fails =
                poisoned.contains(payload) || (flaky.contains(payload) && failedOnce.add(payload));
            if (!fails) {
              done.add(payload);
            }
            outcomes.put(item.id(), fails ? ItemOutcome.failed("bad") : ItemOutcome.done());
          }
          return Outcome.perItem(outcomes);
        },
        limits -> limits.maxItems(maxItems).maxAttempts(maxAttempts));

    assertThat(done).containsExactlyInAnyOrderElementsOf(healthy(poisoned));
    assertThat(dead()).isEqualTo(sorted(poisoned));
  }

  /** Runs a pool until every item of a key has ended; what became of its units. */
  private static List<PoolEvent> drain(
      PostgresQueue queue, Processor<Integer> processor, Consumer<Limits.Builder> limits) {
    DB.empty();
    List<PoolEvent> events = new CopyOnWriteArrayList<>();
    List<Item<Integer>> items = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      items.add(Item.of(TYPE, "key", i));
    }
    queue.enqueueAll(items);
    try (Pool pool =
        Pool.builder(queue.store())
            .processor(
                TYPE,
                processor,
                limits.andThen(
                    l ->
                        l.backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1)))))
            .pollInterval(Duration.ofMillis(5), Duration.ofMillis(20))
            .listener(events::add)
            .start()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> DB.number("SELECT count(*) FROM deriver.item") == 0);
      assertThat(pool.drain(Duration.ofSeconds(10)).released()).isZero();
      await().until(() -> events.stream().anyMatch(PoolEvent.Drained.class::isInstance));
    }
    return events;
  }

  private static List<@Nullable String> dead() {
    return DB.column("SELECT payload FROM deriver.dead_letter ORDER BY payload::int");
  }

  private static List<String> sorted(Set<Integer> payloads) {
    return payloads.stream().sorted().map(String::valueOf).toList();
  }

  private static List<Integer> healthy(Set<Integer> poisoned) {
    return IntStream.range(0, ITEMS).boxed().filter(i -> !poisoned.contains(i)).toList();
  }

  private static Outcome work(
      WorkUnit<Integer> unit,
      Set<Integer> poisoned,
      Failing failing,
      PostgresQueue queue,
      List<Integer> done) {
    if (unit.payloads().stream().anyMatch(poisoned::contains)) {
      return failing.fail();
    }
    List<Integer> payloads = unit.payloads();
    return queue.apply(tx -> done.addAll(payloads));
  }
}
