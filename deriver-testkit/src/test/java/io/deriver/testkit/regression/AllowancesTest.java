package io.deriver.testkit.regression;

import static io.deriver.testkit.catalogue.HangShape.BODY_STALLS;
import static io.deriver.testkit.catalogue.HangShape.HALF_OPEN;
import static io.deriver.testkit.catalogue.HangShape.LOCK_NEVER_FREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards what a host may allow and set, and what is refused. */
@Timeout(180)
class AllowancesTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  private final BadHosts bad = new BadHosts();

  @Test
  void anAllowedShapeMayAbandonAndAnotherMayNot() throws Exception {
    RegressionReport report = reading(BODY_STALLS, HALF_OPEN).allowAbandoned(HALF_OPEN).play();

    assertThat(report).freed(HALF_OPEN, Freed.ABANDONED).finds(BODY_STALLS, Fault.ABANDONED);
    assertThat(report.failed()).extracting(ShapeReport::shape).containsExactly(BODY_STALLS);
    assertThat(report.shape(HALF_OPEN).notes())
        .singleElement()
        .asString()
        .contains("The test allows it");
  }

  @Test
  void slotsThatAreNotFreeInTimeFail() throws Exception {
    RegressionReport report =
        reading(BODY_STALLS)
            .limits(
                limits -> limits.timeout(Duration.ofSeconds(5)).idleTimeout(Duration.ofSeconds(5)))
            .within(Duration.ofSeconds(2))
            .play();

    assertThat(report).finds(BODY_STALLS, Fault.SLOT_KEPT);
  }

  @Test
  void aStoreOfTheHostsOwnTakesTheItemsOfAllShapes() throws Exception {
    InMemoryWorkStore store = new InMemoryWorkStore();
    Set<String> types = new ConcurrentSkipListSet<>();
    Set<String> keys = new ConcurrentSkipListSet<>();
    RegressionReport report =
        DeadlockRegression.ofProvider(
                SUMMARY,
                "any",
                provider -> {
                  GoodSummaries good = new GoodSummaries(provider.baseUrl());
                  return (unit, run) -> {
                    types.add(unit.type().name());
                    keys.add(unit.key());
                    good.process(unit, run);
                    return store.apply(() -> {});
                  };
                })
            .on(store, store::enqueue)
            .items(number -> Item.of(SUMMARY, "conversation:" + number, "hello"))
            .only(BODY_STALLS, HALF_OPEN)
            .slots(2)
            .healthyUnits(3)
            .play();

    assertThat(report).recoversInEveryShape();
    assertThat(types).containsExactly("summary");
    assertThat(keys).hasSize(5).allMatch(key -> key.startsWith("conversation:"));
    assertThat(store.counts().pendingItems()).isZero();
  }

  @Test
  void aProcessorThatNeverWorksIsToldAsSuch() {
    assertThatThrownBy(
            DeadlockRegression.ofProvider(
                        SUMMARY,
                        "any",
                        provider ->
                            (unit, run) -> {
                              throw new IllegalArgumentException("no model is set");
                            })
                    .limits(limits -> limits.maxAttempts(1))
                ::play)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("with a provider that is well")
        .hasMessageContaining("no model is set");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(reading(LOCK_NEVER_FREE)::play)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shapes is empty");
    assertThatThrownBy(reading(BODY_STALLS).slots(0)::play)
        .hasMessage("slots is 0; it must be between 1 and 64");
    assertThatThrownBy(reading(BODY_STALLS).parallel(0)::play)
        .hasMessage("parallel is 0; it must be between 1 and 64");
    assertThatThrownBy(
            reading(BODY_STALLS).limits(limits -> limits.timeout(Duration.ofMinutes(10)))::play)
        .hasMessage("timeout is PT10M; it must be between PT0.1S and PT30S");
  }

  private DeadlockRegression<String> reading(HangShape... shapes) {
    return DeadlockRegression.ofProvider(
            SUMMARY, "any", provider -> bad.readsASocket(provider.baseUrl()))
        .only(shapes)
        .slots(2)
        .healthyUnits(4)
        .patience(Duration.ofSeconds(1));
  }
}
