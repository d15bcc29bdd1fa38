package io.deriver.soak.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.soak.ledger.Fate;
import io.deriver.soak.ledger.Fault;
import io.deriver.soak.ledger.Said;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that each rule of the judge finds what breaks it, and lets pass what does not. */
class JudgeTest {

  private static final String ONE = "one-1";
  private static final String TWO = "two-2";
  private static final Duration FAR = Duration.ofHours(1);

  private final LedgerOf ledger = new LedgerOf();

  private void passes() {
    assertThat(ledger.judged().violations()).isEmpty();
  }

  private void breaks(Class<? extends Rule> rule) {
    assertThat(ledger.judged().broken()).contains(rule.getSimpleName());
  }

  @Test
  @DisplayName("a killed process, a takeover, a zombie that is refused: all as it should be")
  void aCalmRunPasses() {
    ledger
        .ready(ONE)
        .ready(TWO)
        .enqueued(1, 2, 3)
        .started(ONE, 10, 1, 1L, 2L)
        .fault(ONE, Fault.STOP)
        .seconds(4)
        .started(TWO, 11, 1, 1L, 2L)
        .effects(TWO, 11, 1, 2)
        .fault(ONE, Fault.RESUME)
        .told(ONE, Said.REFUSED, 10, 0)
        .started(ONE, 12, 1, 3L)
        .fault(ONE, Fault.KILL)
        .seconds(4)
        .started(TWO, 13, 1, 3L)
        .effects(TWO, 13, 3)
        .told(TWO, Said.COMPLETED, 13, 1)
        .needs(1, 2, 1);
    passes();
  }

  @Test
  void anItemThatIsGoneWithoutAnEffectIsLost() {
    ledger.enqueued(1, 2).started(ONE, 10, 1, 1L).effects(ONE, 10, 1);
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void anItemThatIsPendingWhenAllIsDrainedIsFound() {
    ledger.enqueued(1).pending(1);
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void anItemThatIsDoneAndPendingIsFound() {
    ledger.enqueued(1).started(ONE, 10, 1, 1L).effects(ONE, 10, 1).pending(1);
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void anItemThatIsDoneAndDeadIsFound() {
    ledger
        .enqueued(1)
        .started(ONE, 10, 3, 1L)
        .effects(ONE, 10, 1)
        .dead(1, LedgerOf.MAX_ATTEMPTS, "timeout");
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void anItemOfAnEnqueueThatWasRolledBackIsFound() {
    ledger.started(ONE, 10, 1, 1L);
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void aPlainItemIsDoneWhenItsLastRunMayHaveCompletedIt() {
    ledger.enqueued(1, Fate.PLAIN).started(ONE, 10, 1, 1L);
    passes();
  }

  @Test
  void aPlainItemThatIsGoneThoughItsLastRunWasRefusedIsLost() {
    ledger.enqueued(1, Fate.PLAIN).started(ONE, 10, 1, 1L).told(ONE, Said.REFUSED, 10, 0);
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void aPlainItemThatNobodyBeganIsLost() {
    ledger.enqueued(1, Fate.PLAIN);
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void aPoisonedItemIsToDie() {
    ledger.enqueued(1, Fate.DEATH).started(ONE, 10, 3, 1L).effects(ONE, 10, 1);
    breaks(EveryItemAccountedFor.class);
  }

  @Test
  void twoEffectsOfAnItemAreFound() {
    ledger
        .enqueued(1)
        .started(ONE, 10, 1, 1L)
        .effects(ONE, 10, 1)
        .started(TWO, 11, 1, 1L)
        .effects(TWO, 11, 1);
    breaks(OneEffectAnItem.class);
  }

  @Test
  void effectsInAnotherOrderThanTheEnqueuesAreFound() {
    ledger
        .enqueued(1, 2)
        .started(ONE, 10, 1, 2L)
        .effects(ONE, 10, 2)
        .started(ONE, 11, 1, 1L)
        .effects(ONE, 11, 1);
    breaks(OrderOfEffects.class);
  }

  @Test
  void effectsOfOverlappingEnqueuesHaveNoOrder() {
    ledger
        .enqueuedAtOnce(1, 2)
        .started(ONE, 10, 1, 2L)
        .effects(ONE, 10, 2)
        .started(ONE, 11, 1, 1L)
        .effects(ONE, 11, 1);
    passes();
  }

  @Test
  void aUnitThatIsBegunPastAnOlderItemIsFoundThoughItHasNoEffect() {
    ledger
        .enqueued(1, Fate.PLAIN)
        .enqueued(2, Fate.PLAIN)
        .started(ONE, 10, 1, 2L)
        .started(ONE, 11, 1, 1L);
    breaks(OrderOfStarts.class);
  }

  @Test
  void aUnitThatShrinksAfterAFailureOvertakesNothing() {
    ledger
        .enqueued(1, 2)
        .started(ONE, 10, 1, 1L, 2L)
        .told(ONE, Said.RETRIED, 10, 1)
        .started(ONE, 11, 2, 1L)
        .effects(ONE, 11, 1)
        .started(ONE, 12, 1, 2L)
        .effects(ONE, 12, 2);
    passes();
  }

  @Test
  void anEffectOfAnOlderFenceAfterANewerHasBegunIsFound() {
    ledger
        .enqueued(1, 2)
        .started(ONE, 10, 1, 1L)
        .started(TWO, 11, 1, 2L)
        .effects(ONE, 10, 1)
        .effects(TWO, 11, 2);
    breaks(OneOwner.class);
  }

  @Test
  void aCompletedUnitThatIsBegunAgainIsFound() {
    ledger
        .enqueued(1, Fate.PLAIN)
        .started(ONE, 10, 1, 1L)
        .started(TWO, 11, 1, 1L)
        .told(ONE, Said.COMPLETED, 10, 1)
        .told(TWO, Said.COMPLETED, 11, 1);
    breaks(OneOwner.class);
  }

  @Test
  void aZombieThatWritesItsStartLateIsNoOwner() {
    ledger
        .enqueued(1)
        .started(TWO, 11, 1, 1L)
        .effects(TWO, 11, 1)
        .started(ONE, 10, 1, 1L)
        .told(ONE, Said.REFUSED, 10, 0);
    passes();
  }

  @Test
  void aFenceOfTwoRunsIsFound() {
    ledger.enqueued(1).started(ONE, 10, 1, 1L).started(TWO, 10, 1, 1L).effects(TWO, 10, 1);
    breaks(FencesGrow.class);
  }

  @Test
  void effectsWithFallingFencesAreFound() {
    ledger
        .enqueued(1, 2)
        .started(ONE, 11, 1, 1L)
        .effects(ONE, 11, 1)
        .started(ONE, 10, 1, 2L)
        .effects(ONE, 10, 2);
    breaks(FencesGrow.class);
  }

  @Test
  void anEffectOfARunThatNeverBeganIsFound() {
    ledger.enqueued(1).effects(ONE, 10, 1);
    breaks(FencesGrow.class);
  }

  @Test
  void attemptsOutOfTheirBoundsAreFound() {
    ledger.enqueued(1).started(ONE, 10, 0, 1L).effects(ONE, 10, 1);
    breaks(AttemptsInBounds.class);
  }

  @Test
  void anAttemptBeyondTheLastIsFound() {
    ledger.enqueued(1).started(ONE, 10, LedgerOf.MAX_ATTEMPTS + 1, 1L).effects(ONE, 10, 1);
    breaks(AttemptsInBounds.class);
  }

  @Test
  void aFailureThatDoesNotCountIsFound() {
    ledger
        .enqueued(1)
        .started(ONE, 10, 1, 1L)
        .told(ONE, Said.RETRIED, 10, 1)
        .started(ONE, 11, 1, 1L)
        .effects(ONE, 11, 1);
    breaks(AttemptsInBounds.class);
  }

  @Test
  void aReleaseThatDoesNotCountPasses() {
    ledger
        .enqueued(1)
        .started(ONE, 10, 1, 1L)
        .told(ONE, Said.RELEASED, 10, 1)
        .started(ONE, 11, 1, 1L)
        .effects(ONE, 11, 1);
    passes();
  }

  @Test
  void moreFailuresThanAttemptsAreFound() {
    ledger.enqueued(1);
    for (int i = 0; i <= LedgerOf.MAX_ATTEMPTS; i++) {
      // Each time somebody else's claim comes between, which hides that the count does not grow.
      ledger
          .started(ONE, 10 + 2 * i, 2, 1L)
          .told(ONE, Said.RETRIED, 10 + 2 * i, 2)
          .started(TWO, 11 + 2 * i, 3, 1L);
    }
    ledger.started(ONE, 90, 3, 1L).effects(ONE, 90, 1);
    breaks(AttemptsInBounds.class);
  }

  @Test
  void aDeadLetterWithAttemptsLeftIsFound() {
    ledger.enqueued(1, Fate.DEATH).started(ONE, 10, 1, 1L).dead(1, 1, "failure");
    breaks(AttemptsInBounds.class);
  }

  @Test
  void aPoisonedItemDiesAfterItsAttempts() {
    ledger.enqueued(1, Fate.DEATH);
    for (int attempt = 1; attempt <= LedgerOf.MAX_ATTEMPTS; attempt++) {
      Said said = attempt < LedgerOf.MAX_ATTEMPTS ? Said.RETRIED : Said.DEAD;
      ledger.started(ONE, 10 + attempt, attempt, 1L).told(ONE, said, 10 + attempt, attempt);
    }
    ledger.dead(1, LedgerOf.MAX_ATTEMPTS, "failure");
    passes();
  }

  @Test
  void anInnocentItemThatDiesOfFailuresIsFound() {
    ledger.enqueued(1).started(ONE, 10, 3, 1L).dead(1, LedgerOf.MAX_ATTEMPTS, "failure");
    breaks(OnlyThePoisonedDie.class);
  }

  @Test
  void anInnocentItemMayDieOfLimitsThatItWasNotTheCauseOf() {
    ledger.enqueued(1).started(ONE, 10, 3, 1L).dead(1, LedgerOf.MAX_ATTEMPTS, "failure", "timeout");
    passes();
  }

  @Test
  void aClaimOfTheDeadThatStandsWhileSomeoneLivesIsFound() {
    ledger.ready(ONE).ready(TWO).fault(ONE, Fault.KILL).seconds(6).held(ONE, 10, FAR);
    breaks(NoIdleClaim.class);
  }

  @Test
  void aClaimOfTheDeadMayStandForLeaseAndReapInterval() {
    ledger.ready(ONE).ready(TWO).fault(ONE, Fault.KILL).seconds(3).held(ONE, 10, FAR);
    passes();
  }

  @Test
  void aClaimOfTheDeadMayStandWhileNobodyLives() {
    ledger
        .ready(ONE)
        .ready(TWO)
        .fault(ONE, Fault.KILL)
        .fault(TWO, Fault.STOP)
        .seconds(60)
        .held(ONE, 10, FAR)
        .fault(TWO, Fault.RESUME);
    passes();
  }

  @Test
  void aClaimOfTheLivingThatStandsPastItsGuardIsFound() {
    ledger.ready(ONE).seconds(60).held(ONE, 10, Duration.ofSeconds(-5)).ready(TWO);
    breaks(NoIdleClaim.class);
  }

  @Test
  void aRunThatSawTooLittleFails() {
    ledger.ready(ONE).fault(ONE, Fault.KILL).needs(2, 0, 0);
    breaks(SawEnough.class);
  }

  @Test
  void aTakeoverOfWhatHadEndedIsNone() {
    ledger
        .ready(ONE)
        .enqueued(1, 2)
        .started(ONE, 10, 1, 1L)
        .effects(ONE, 10, 1)
        .fault(ONE, Fault.KILL)
        .started(TWO, 11, 1, 2L)
        .effects(TWO, 11, 2)
        .needs(1, 1, 0);
    breaks(SawEnough.class);
  }
}
