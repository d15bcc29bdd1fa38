package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.spi.ClaimId;
import io.deriver.testkit.pool.UnitEnd.Kind;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that a test can wait for the end of a unit on a pool whose time is the real one. */
@Timeout(120)
class UnitEndsTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);
  private static final Duration GENEROUS = Duration.ofSeconds(30);

  @Test
  void eachCallWaitsForTheNextUnitOfItsKey() throws Exception {
    InMemoryWorkStore store = new InMemoryWorkStore();
    UnitEnds ends = new UnitEnds();
    Pool.Builder builder =
        Pool.builder(store)
            .listener(ends)
            .processor(
                SUMMARY,
                (unit, run) ->
                    switch (unit.payloads().get(0)) {
                      case "drop" -> Outcome.discard("not wanted");
                      case "again" ->
                          run.attempt() == 1
                              ? Outcome.retryAfter(Duration.ofMillis(1), "once more")
                              : Outcome.done();
                      default -> Outcome.deadLetter("unknown");
                    },
                limits ->
                    limits.backoff(
                        Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1))));
    try (Pool pool = builder.start()) {
      assertThat(pool.name()).isEqualTo("deriver");
      for (String payload : List.of("again", "drop", "what")) {
        store.enqueue(Item.of(SUMMARY, "a", payload));
      }
      UnitEnd done = ends.await(SUMMARY, "a", GENEROUS);
      assertThat(done.kind()).isEqualTo(Kind.COMPLETED);
      assertThat(done.attempt()).isEqualTo(2);
      UnitEnd dropped = ends.await(SUMMARY, "a", GENEROUS);
      assertThat(dropped.kind()).isEqualTo(Kind.DISCARDED);
      assertThat(dropped.error()).isEqualTo("not wanted");
      assertThat(ends.await(SUMMARY, "a", GENEROUS).kind()).isEqualTo(Kind.DEAD_LETTERED);
      assertThat(ends.of(SUMMARY, "a"))
          .extracting(UnitEnd::kind)
          .containsExactly(Kind.RETRIED, Kind.COMPLETED, Kind.DISCARDED, Kind.DEAD_LETTERED);
      assertThat(ends.of(SUMMARY, "b")).isEmpty();
      assertThat(ends.all()).hasSize(4);
    }
  }

  @Test
  void whatDoesNotEndIsNamedWithWhatWasHeard() throws Exception {
    UnitEnds ends = new UnitEnds();
    ClaimId claim = new ClaimId("summary", "a", 1, "node");
    ends.onEvent(new PoolEvent.UnitReleased(claim, 1, "closed", Duration.ofSeconds(9)));
    assertThatThrownBy(() -> ends.await(SUMMARY, "a", Duration.ofMillis(20)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("type=summary key=a")
        .hasMessageContaining("RELEASED, again after PT9S: closed");
  }

  @Test
  void whatTheReaperDoesAndWhatIsLostIsHeard() throws Exception {
    UnitEnds ends = new UnitEnds();
    ClaimId claim = new ClaimId("summary", "a", 1, "node");
    ends.onEvent(new PoolEvent.WriteRefused(claim, "Completed"));
    ends.onEvent(new PoolEvent.WriteUnknown(claim, "Completed"));
    ends.onEvent(new PoolEvent.WriteGivenUp(claim, "Completed", "no answer"));
    ends.onEvent(new PoolEvent.ClaimReaped(claim, "its guard has passed", false));
    ends.onEvent(new PoolEvent.UnitSplit(claim, 1, 1, 0, 1, "bad", Duration.ZERO));
    ends.onEvent(new PoolEvent.ClaimReaped(claim, "its guard has passed", true));
    ends.onEvent(new PoolEvent.Resumed(0));
    assertThat(ends.all())
        .extracting(UnitEnd::kind)
        .containsExactly(
            Kind.LOST, Kind.LOST, Kind.LOST, Kind.REAPED, Kind.SPLIT, Kind.DEAD_LETTERED);
    assertThat(ends.await(SUMMARY, "a", GENEROUS).kind()).isEqualTo(Kind.SPLIT);
    assertThat(ends.await(SUMMARY, "a", GENEROUS).error()).isEqualTo("its guard has passed");
  }
}
