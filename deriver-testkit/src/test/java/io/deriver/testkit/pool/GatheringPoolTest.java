package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Cut;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.WorkUnit;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards that a pool's type gathers as its limits say: one call for many items, and none too late.
 */
@Timeout(120)
class GatheringPoolTest {

  private static final ItemType<String> MEMORY = ItemType.of("memory", String.class);
  private static final Duration WAIT = Duration.ofMinutes(5);

  private final List<WorkUnit<String>> units = new CopyOnWriteArrayList<>();
  private final Processor<String> notes =
      (unit, run) -> {
        units.add(unit);
        return Outcome.done();
      };

  private PoolTester pool() {
    return PoolTester.with(
        pool ->
            pool.processor(
                MEMORY, notes, limits -> limits.maxItems(50).maxWeight(20).gather(10, WAIT)));
  }

  @Test
  void manyItemsAreOneUnitOnceTheyWeighEnough() throws Exception {
    try (PoolTester tester = pool()) {
      for (int i = 0; i < 9; i++) {
        tester.enqueue(Item.of(MEMORY, "a", "message " + i));
        tester.runUntilIdle();
      }
      assertThat(units).isEmpty();
      tester.enqueue(Item.of(MEMORY, "a", "message 9").weight(11));

      tester.runUntilIdle();

      assertThat(units).singleElement().satisfies(unit -> assertThat(unit.items()).hasSize(10));
      assertThat(units.get(0).cut()).isEqualTo(Cut.NOTHING);
    }
  }

  @Test
  void fewItemsAreClaimedOnTimeAndNotSooner() throws Exception {
    try (PoolTester tester = pool()) {
      tester.enqueue(Item.of(MEMORY, "a", "message"));
      tester.advance(WAIT.minusMillis(1));
      assertThat(units).isEmpty();

      tester.advance(Duration.ofMillis(1));

      assertThat(units).hasSize(1);
      assertThat(tester.unit(MEMORY, "a")).completed().endedAt(WAIT);
    }
  }

  @Test
  void aFlushEndsTheWait() throws Exception {
    try (PoolTester tester = pool()) {
      tester.enqueue(Item.of(MEMORY, "a", "message"));
      tester.enqueue(Item.of(MEMORY, "b", "message"));
      tester.runUntilIdle();
      tester.store().flush(MEMORY, "a");
      tester.runUntilIdle();
      assertThat(units).extracting(WorkUnit::key).containsExactly("a");

      tester.store().flush(MEMORY);

      tester.runUntilIdle();
      assertThat(units).extracting(WorkUnit::key).containsExactly("a", "b");
      assertThat(tester.unit(MEMORY, "b")).endedAt(Duration.ZERO);
    }
  }

  @Test
  void aUnitSaysThatItsWeightCutIt() throws Exception {
    try (PoolTester tester = pool()) {
      for (int i = 0; i < 30; i++) {
        tester.enqueue(Item.of(MEMORY, "a", "message " + i));
      }

      tester.runUntilIdle();

      assertThat(units).extracting(WorkUnit::cut).containsExactly(Cut.MAX_WEIGHT, Cut.NOTHING);
      assertThat(units).extracting(unit -> unit.items().size()).containsExactly(20, 10);
    }
  }
}
