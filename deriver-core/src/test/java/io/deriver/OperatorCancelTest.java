package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * An operator ends one run by force: its slot is free, its key is tried again, the rest goes on.
 */
class OperatorCancelTest {

  private final CompletableFuture<Outcome> never = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    never.complete(Outcome.done());
  }

  @Test
  void endsTheRunOfThatKeyAndNoOther() {
    ItemType<String> other = ItemType.of("other", String.class);
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> never.join())
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      assertThat(fixture.pool.cancel(PoolFixture.TYPE, "c")).isFalse();
      assertThat(fixture.pool.cancel(other, "a")).isFalse();
      assertThat(fixture.pool.cancel(PoolFixture.TYPE, "a")).isTrue();
      assertThat(fixture.pool.health().live()).isEqualTo(1);
      assertThat(fixture.pool.cancel(PoolFixture.TYPE, "a")).as("twice").isFalse();
      PoolFixture.until(() -> fixture.store.endsOf("a").size() == 1);
      assertThat(fixture.store.endsOf("a").get(0))
          .isInstanceOfSatisfying(
              ClaimEnd.Retried.class, end -> assertThat(end.error()).contains("operator"));
      assertThat(fixture.store.endsOf("b")).isEmpty();
      fixture.pool.close();
      assertThatThrownBy(() -> fixture.pool.cancel(PoolFixture.TYPE, "b"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void endsTheRunThatTheStoreIsToldToEnd() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> never.join())
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> fixture.pool.health().live() == 2);
      PoolFixture.until(() -> fixture.events(PoolEvent.RunStarted.class).size() == 2);
      long fence =
          fixture.events(PoolEvent.RunStarted.class).stream()
              .map(PoolEvent.RunStarted::claim)
              .filter(claim -> claim.key().equals("a"))
              .mapToLong(ClaimId::fence)
              .findFirst()
              .orElseThrow();

      fixture.store.cancelled.add(fence);

      PoolFixture.until(() -> fixture.store.endsOf("a").size() == 1);
      assertThat(fixture.store.endsOf("a").get(0))
          .isInstanceOfSatisfying(
              ClaimEnd.Retried.class, end -> assertThat(end.error()).contains("operator"));
      assertThat(fixture.store.endsOf("b")).isEmpty();
    }
  }
}
