package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the host sets is what holds, to the edges of each range; what it makes has its contents. */
class KeptSettingsTest {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final ItemType<String> TYPE = ItemType.of("t", String.class);

  /** A gate of which nobody asks anything here. */
  private static final class NoGate implements Gate {
    @Override
    public Duration enter() {
      return Duration.ZERO;
    }

    @Override
    public void left(Exit how, Duration took, @Nullable Throwable error) {}
  }

  @Test
  void limitsAreThoseThatWereSet() {
    Gate gate = new NoGate();
    FailurePolicy policy = (error, attempt) -> FailurePolicy.Verdict.RETRY;
    Backoff backoff = Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(2));
    ZombiePolicy zombies = ZombiePolicy.hold(Duration.ofHours(1));
    Limits limits =
        Limits.builder()
            .timeout(Duration.ofMinutes(3))
            .idleTimeout(Duration.ofMinutes(2))
            .firstProgressTimeout(Duration.ofMinutes(1))
            .maxAttempts(7)
            .maxItems(8)
            .maxBytes(9_000)
            .maxWeight(100)
            .gather(10, Duration.ofSeconds(30))
            .maxConcurrent(11)
            .maxConcurrentOverall(12)
            .maxAge(Duration.ofHours(13))
            .backoff(backoff)
            .failurePolicy(policy)
            .zombiePolicy(zombies)
            .breaker(BreakerPolicy.off())
            .gate(gate)
            .build();
    assertThat(limits.timeout()).isEqualTo(Duration.ofMinutes(3));
    assertThat(limits.idleTimeout()).contains(Duration.ofMinutes(2));
    assertThat(limits.firstProgressTimeout()).contains(Duration.ofMinutes(1));
    assertThat(limits.maxAttempts()).isEqualTo(7);
    assertThat(limits.maxItems()).isEqualTo(8);
    assertThat(limits.maxBytes()).isEqualTo(9_000);
    assertThat(limits.maxWeight()).contains(100);
    assertThat(limits.gather()).contains(new Gathering(10, Duration.ofSeconds(30)));
    assertThat(limits.maxConcurrent()).contains(11);
    assertThat(limits.maxConcurrentOverall()).contains(12);
    assertThat(limits.maxAge()).isEqualTo(Duration.ofHours(13));
    assertThat(limits.backoff()).isEqualTo(backoff);
    assertThat(limits.failurePolicy()).isSameAs(policy);
    assertThat(limits.zombiePolicy()).isEqualTo(zombies);
    assertThat(limits.breaker()).isEqualTo(BreakerPolicy.off());
    assertThat(limits.gate()).containsSame(gate);
  }

  @Test
  void theEdgesOfARangeBelongToIt() {
    Limits.Builder shortest =
        Limits.builder()
            .timeout(Duration.ofDays(1))
            .idleTimeout(SHORTEST)
            .firstProgressTimeout(Duration.ofDays(1))
            .maxAttempts(1)
            .maxItems(100);
    assertThat(shortest.build().idleTimeout()).contains(SHORTEST);
    assertThat(shortest.build().firstProgressTimeout()).contains(Duration.ofDays(1));
    assertThat(shortest.build().maxAttempts()).isEqualTo(1);
    assertThat(shortest.build().maxItems()).isEqualTo(100);
    assertThat(Limits.builder().timeout(SHORTEST).build().timeout()).isEqualTo(SHORTEST);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limits.builder().idleTimeout(SHORTEST.minusNanos(1)).build())
        .withMessageContaining("idleTimeout is PT0.099999999S");
  }

  @Test
  void aPoolIsMadeOfAllThatWasSet() {
    Pool.Builder builder =
        Pool.builder(new FakeStore())
            .processor(TYPE, (unit, run) -> Outcome.done())
            .asyncProcessor(
                ItemType.of("async", String.class),
                (unit, run) -> CompletableFuture.completedFuture(Outcome.done()))
            .asyncProcessor(
                ItemType.of("other", String.class),
                (unit, run) -> CompletableFuture.completedFuture(Outcome.done()),
                limits -> limits.maxItems(2))
            .name("all")
            .slots(10_000)
            .claimAhead(10_000)
            .lease(Duration.ofDays(1))
            .renewInterval(Duration.ofMillis(50))
            .reapInterval(Duration.ofMillis(50))
            .storeTimeout(Duration.ofMillis(50))
            .completionGrace(SHORTEST)
            .pollInterval(Duration.ofMillis(1), Duration.ofHours(1))
            .maxAbandoned(100_000)
            .whenSaturatedFor(Duration.ofSeconds(1), () -> {})
            .maxUnwritten(1_000_000)
            .stallReportInterval(SHORTEST)
            .closeTimeout(Duration.ZERO)
            .virtualThreads(false)
            .drainOnShutdown(false)
            .redactor(text -> text)
            .listener(event -> {})
            .clock(PoolClock.system());
    Pool pool = builder.build();
    assertThat(pool.name()).isEqualTo("all");
    assertThat(pool.health().slots()).isEqualTo(10_000);
    assertThat(pool.health().reasons()).containsExactly("the pool has not been started");
  }

  @Test
  void limitsOfAPoolsTypesAreCheckedWhereTheyAreSet() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Pool.builder(new FakeStore())
                    .processor(TYPE, (unit, run) -> Outcome.done(), l -> l.maxItems(0)))
        .withMessageContaining("maxItems is 0");
  }

  @Test
  void outcomesHoldWhatTheySay() {
    Duration delay = Duration.ofSeconds(1);
    assertThat(Outcome.done()).isEqualTo(new Outcome.Done());
    assertThat(Outcome.retryAfter(delay, "busy")).isEqualTo(new Outcome.RetryAfter(delay, "busy"));
    assertThat(Outcome.discard("old")).isEqualTo(new Outcome.Discard("old"));
    assertThat(Outcome.deadLetter("bad")).isEqualTo(new Outcome.DeadLetter("bad"));
    assertThat(Outcome.release(delay, "later")).isEqualTo(new Outcome.Release(delay, "later"));
    Map<Long, ItemOutcome> ends = Map.of(1L, ItemOutcome.done(), 2L, ItemOutcome.failed("why"));
    assertThat(Outcome.perItem(ends)).isEqualTo(new Outcome.PerItem(ends));
    assertThat(ItemOutcome.done()).isNotNull().isNotEqualTo(ItemOutcome.failed("why"));
  }

  @Test
  void aTypeIsItsNameAndItsClass() {
    Codec<String> codec =
        new Codec<>() {
          @Override
          public String encode(String payload) {
            return payload;
          }

          @Override
          public String decode(String json) {
            return json;
          }
        };
    ItemType<String> own = TYPE.withCodec(codec);
    assertThat(own.codec()).containsSame(codec);
    assertThat(TYPE.codec()).isEmpty();
    assertThat(own).isEqualTo(TYPE).hasSameHashCodeAs(TYPE).hasToString("t");
    assertThat(own.payloadClass()).isEqualTo(String.class);
    assertThat(TYPE)
        .isNotEqualTo(ItemType.of("other", String.class))
        .isNotEqualTo(ItemType.of("t", Integer.class))
        .isNotEqualTo("t");
    assertThat(ItemType.of("other", String.class).hashCode()).isNotEqualTo(TYPE.hashCode());
  }

  @Test
  void healthFindsADutyByItsName() {
    Health.DutyInfo reaper =
        new Health.DutyInfo("reaper", SHORTEST, Optional.empty(), 0, SHORTEST, "");
    Health.DutyInfo sentinel =
        new Health.DutyInfo("sentinel", SHORTEST, Optional.empty(), 0, SHORTEST, "");
    Health health =
        new Health(
            Health.Status.UP,
            Health.Status.UP,
            List.of(),
            1,
            0,
            0,
            0,
            List.of(),
            List.of(),
            List.of(reaper, sentinel));
    assertThat(health.duty("sentinel")).isEqualTo(sentinel);
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> health.duty("none"));
  }

  @Test
  void theClockOfTheJvmGoesOnAndWaitsNoLongerThanItIsAsked() throws Exception {
    PoolClock clock = PoolClock.system();
    long begin = System.nanoTime();
    assertThat(clock.nanoTime() - begin).isBetween(0L, Duration.ofMinutes(1).toNanos());
    Signal signal = new Signal();
    clock.await(signal, clock.nanoTime() + SHORTEST.toNanos());
    assertThat(System.nanoTime() - begin)
        .isBetween(SHORTEST.toNanos(), Duration.ofMinutes(1).toNanos());
    signal.set();
    clock.await(signal, clock.nanoTime() + Duration.ofDays(1).toNanos());
    assertThat(signal.isSet()).as("it was taken").isFalse();
  }

  @Test
  void aUnitIsOfTheVariantOfItsItems() {
    WorkUnit<String> unit =
        new WorkUnit<>(
            TYPE,
            "key",
            List.of(
                new ClaimedItem<>(1, "one", 1, "blue", Instant.EPOCH),
                new ClaimedItem<>(2, "two", 1, "blue", Instant.EPOCH)),
            Cut.NOTHING);
    assertThat(unit.variant()).isEqualTo("blue");
    assertThat(unit.payloads()).containsExactly("one", "two");
  }
}
