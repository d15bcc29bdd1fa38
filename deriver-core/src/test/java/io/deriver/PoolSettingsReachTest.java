package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that what a host asks of its pool reaches the store. */
@Timeout(60)
class PoolSettingsReachTest {

  @Test
  void theStoreIsToldWhatThePoolServesAndHowItGathers() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done())
            .limits(l -> l.maxItems(20).gather(10, Duration.ofMinutes(1)))
            .settings(
                p ->
                    p.name("told")
                        .processor(
                            ItemType.of("other", String.class), (unit, run) -> Outcome.done()))
            .start()) {
      NodeSpec spec = fixture.store.joined;
      assertThat(spec).isNotNull();
      assertThat(spec.pool()).isEqualTo("told");
      assertThat(spec.types()).containsExactly(PoolFixture.TYPE.name(), "other");
      assertThat(spec.lease()).isEqualTo(Duration.ofSeconds(20));
      assertThat(spec.storeTimeout()).isEqualTo(Duration.ofSeconds(5));
      assertThat(spec.gathering())
          .isEqualTo(
              Map.of(PoolFixture.TYPE.name(), new GatherTerms(10, Duration.ofMinutes(1), 20)));
    }
  }

  @Test
  void aPauseLastsUntilItIsTakenBack() {
    try (PoolFixture fixture = PoolFixture.with((unit, run) -> Outcome.done()).start()) {
      fixture.pool.pause();
      assertThat(fixture.pool.health().reasons()).contains("the pool is paused");
      fixture.pool.resume();
      assertThat(fixture.pool.health().reasons()).doesNotContain("the pool is paused");
      fixture.store.put("a", "");
      PoolFixture.until(fixture.store::isEmpty);
    }
  }
}
