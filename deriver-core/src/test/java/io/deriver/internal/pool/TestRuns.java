package io.deriver.internal.pool;

import io.deriver.Cut;
import io.deriver.FakeStore;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.PoolClock;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Runs for tests of single rooms. */
final class TestRuns {

  private TestRuns() {}

  static Run run(PoolClock clock, Consumer<Limits.Builder> limits) {
    return run(clock, 1, limits);
  }

  static Run run(PoolClock clock, long fence, Consumer<Limits.Builder> limits) {
    return new Run(
        new Claim(
            new ClaimId("test", "key" + fence, fence, "node-1"),
            1,
            Standing.REGULAR,
            List.of(new StoredItem(fence, "payload", 1, "", Instant.EPOCH)),
            Cut.NOTHING,
            Duration.ZERO),
        served(limits),
        clock);
  }

  /** Settings of eight slots, in which every time is a second. */
  static PoolSettings settings(int maxAbandoned, int maxUnwritten) {
    Duration second = Duration.ofSeconds(1);
    return new PoolSettings(
        "test",
        8,
        0,
        second.multipliedBy(34),
        second,
        second,
        second,
        second,
        second,
        second,
        maxAbandoned,
        second,
        maxUnwritten,
        second,
        second,
        false);
  }

  /** Where nothing may be claimed ahead of a free slot. */
  static ClaimedAhead noneAhead(PoolClock clock) {
    return new ClaimedAhead(0, Duration.ofSeconds(1), clock, type -> true, (run, why) -> {});
  }

  static TypePauses pauses(PoolClock clock) {
    return new TypePauses(clock, new Events("test", List.of()));
  }

  static Breakers breakers(PoolClock clock) {
    return new Breakers(
        List.of(served(limits -> {})), clock, new Events("test", List.of()), () -> {});
  }

  /** Under which what the store failed at rests for a second. */
  static Endings endings(PoolClock clock) {
    return new Endings(clock, text -> text, Duration.ofSeconds(1), pauses(clock), breakers(clock));
  }

  /** The claim that this store hands out now, of one item. */
  static Claim claimed(FakeStore store) {
    TypeTerms terms = new TypeTerms("test", Duration.ofMinutes(10), 1, 1_000, 5);
    return store.claim(new ClaimRequest(List.of(terms), 1, 1, 1)).claims().get(0);
  }

  static Gates gates(PoolClock clock) {
    return new Gates(clock, pauses(clock));
  }

  static Run of(PoolClock clock, Claim claim) {
    return new Run(claim, served(limits -> {}), clock);
  }

  static Served<String> served(Consumer<Limits.Builder> limits) {
    Limits.Builder builder = Limits.builder();
    limits.accept(builder);
    return new Served<>(
        ItemType.of("test", String.class),
        new Work.OnThread<>((unit, run) -> Outcome.done()),
        builder.build());
  }
}
