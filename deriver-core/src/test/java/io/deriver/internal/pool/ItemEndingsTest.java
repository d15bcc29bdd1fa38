package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deriver.Cut;
import io.deriver.ItemOutcome;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Invariants 4, 5 and 6: what becomes of each item, and whose attempts they were. */
class ItemEndingsTest {

  private static final Duration BACKOFF = Duration.ofSeconds(7);
  private static final ItemOutcome DONE = ItemOutcome.done();

  private final TestClock clock = new TestClock();

  /** A run of the items 11, 12, 13 and 14, of three attempts at most. */
  private Run run(int attempt) {
    List<StoredItem> items =
        LongStream.rangeClosed(11, 14)
            .mapToObj(id -> new StoredItem(id, "payload", 1, "", Instant.EPOCH))
            .toList();
    ClaimId id = new ClaimId("test", "a", 1, "node-1");
    return new Run(
        new Claim(id, attempt, Standing.REGULAR, items, Cut.NOTHING, Duration.ZERO),
        TestRuns.served(limits -> limits.maxAttempts(3)),
        clock);
  }

  private Ending ending(int attempt, Map<Long, ItemOutcome> outcomes) {
    return ItemEndings.of(run(attempt), outcomes, text -> text).ending(BACKOFF);
  }

  private static ItemOutcome failed(String why) {
    return ItemOutcome.failed(why);
  }

  private static ItemOutcome dead(String why) {
    return ItemOutcome.deadLetter(why);
  }

  @Test
  void eachItemEndsAsItsProcessorSays() {
    Ending ending = ending(1, Map.of(13L, failed("later"), 12L, dead("never"), 11L, DONE));
    assertThat(ending.claimEnd())
        .isEqualTo(
            new ClaimEnd.Split(
                Set.of(11L), Map.of(12L, "never"), new ClaimEnd.Rest(false, BACKOFF, "later")));
    assertThat(ending.whenWritten())
        .isInstanceOfSatisfying(
            PoolEvent.UnitSplit.class,
            told -> {
              assertThat(told.done()).isEqualTo(1);
              assertThat(told.failed()).isEqualTo(1);
              assertThat(told.deadLettered()).isEqualTo(1);
              assertThat(told.error()).isEqualTo("never");
              assertThat(told.delay()).isEqualTo(BACKOFF);
            });
  }

  @Test
  void whatNothingIsSaidOfStaysAndIsClaimedAtOnce() {
    Ending ending = ending(3, Map.of(11L, DONE, 12L, dead("never")));
    assertThat(ending.claimEnd())
        .isEqualTo(new ClaimEnd.Split(Set.of(11L), Map.of(12L, "never"), null));
    assertThat(ending.whenWritten())
        .isInstanceOfSatisfying(
            PoolEvent.UnitSplit.class, told -> assertThat(told.delay()).isZero());
  }

  @Test
  void theErrorOfTheOldestThatFailedIsKept() {
    assertThat(rest(1, Map.of(14L, failed("newest"), 12L, failed("oldest"), 13L, failed("third"))))
        .isEqualTo(new ClaimEnd.Rest(true, BACKOFF, "oldest"));
  }

  @Test
  void theAttemptStaysCountedOnlyWhileTheItemThatItWasCountedForIsThere() {
    assertThat(rest(1, Map.of(11L, failed("why"))).goesOn()).isTrue();
    assertThat(rest(1, Map.of(12L, failed("why"))).goesOn()).isTrue();
    assertThat(rest(1, Map.of(11L, DONE, 12L, failed("why"))).goesOn()).isFalse();
    assertThat(rest(1, Map.of(11L, dead("never"), 12L, failed("why"))).goesOn()).isFalse();
  }

  @Test
  void theLastAttemptSetsTheFirstThatFailedAsideAndNoOther() {
    Map<Long, ItemOutcome> outcomes =
        Map.of(11L, failed("first"), 12L, failed("second"), 13L, DONE);
    assertThat(ending(2, outcomes).claimEnd())
        .isEqualTo(
            new ClaimEnd.Split(Set.of(13L), Map.of(), new ClaimEnd.Rest(true, BACKOFF, "first")));
    assertThat(ending(3, outcomes).claimEnd())
        .isEqualTo(
            new ClaimEnd.Split(
                Set.of(13L), Map.of(11L, "first"), new ClaimEnd.Rest(false, BACKOFF, "second")));
    assertThat(ending(4, Map.of(11L, failed("why"))).claimEnd())
        .isEqualTo(new ClaimEnd.Split(Set.of(), Map.of(11L, "why"), null));
  }

  @Test
  void attemptsThatWereCountedForAnItemThatHasEndedSetNoOtherAside() {
    assertThat(ending(3, Map.of(11L, DONE, 12L, failed("why"))).claimEnd())
        .isEqualTo(
            new ClaimEnd.Split(Set.of(11L), Map.of(), new ClaimEnd.Rest(false, BACKOFF, "why")));
    assertThat(ending(3, Map.of(11L, dead("never"), 12L, failed("why"))).claimEnd())
        .isEqualTo(
            new ClaimEnd.Split(
                Set.of(), Map.of(11L, "never"), new ClaimEnd.Rest(false, BACKOFF, "why")));
  }

  @Test
  void reasonsAreCleanedBeforeTheyAreKept() {
    Map<Long, ItemOutcome> outcomes = Map.of(11L, failed("secret"), 12L, dead("secret"));
    assertThat(ItemEndings.of(run(1), outcomes, text -> "clean").ending(BACKOFF).claimEnd())
        .isEqualTo(
            new ClaimEnd.Split(
                Set.of(), Map.of(12L, "clean"), new ClaimEnd.Rest(true, BACKOFF, "clean")));
  }

  @Test
  void itemsOfOthersAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ending(1, Map.of(11L, DONE, 99L, DONE)))
        .withMessageContaining("99")
        .withMessageContaining("the unit holds [11, 12, 13, 14]");
  }

  @Test
  void whatCannotBeDecodedIsSetAsideAndTheOthersAreClaimedAtOnce() {
    Ending ending = ItemEndings.undecodable(run(1), Map.of(12L, "garbled")).ending(Duration.ZERO);
    assertThat(ending.claimEnd())
        .isEqualTo(new ClaimEnd.Split(Set.of(), Map.of(12L, "garbled"), null));
  }

  private ClaimEnd.Rest rest(int attempt, Map<Long, ItemOutcome> outcomes) {
    ClaimEnd.Split split = (ClaimEnd.Split) ending(attempt, outcomes).claimEnd();
    return Objects.requireNonNull(split.rest());
  }
}
