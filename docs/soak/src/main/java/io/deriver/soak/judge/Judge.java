package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry;
import java.util.List;

/**
 * Judges a run by its ledger: one pure function.
 *
 * <p>What a missing entry means. A process can die at any instant, so the last thing that it did
 * may be missing, and nothing else. A {@code Started} is committed before the unit is touched: if
 * it is missing, no code of the unit ran. An {@code Effect} and an {@code Enqueued} stand in the
 * transaction of what they speak of: if one is missing, that did not happen. A {@code Told} comes
 * after the fact, and from its absence nothing is concluded. A {@code Faulted} comes before the
 * fault, by a process that is not hurt.
 */
public final class Judge {

  private static final List<Rule> RULES =
      List.of(
          new EveryItemAccountedFor(),
          new OneEffectAnItem(),
          new OrderOfEffects(),
          new OrderOfStarts(),
          new OneOwner(),
          new FencesGrow(),
          new AttemptsInBounds(),
          new OnlyThePoisonedDie(),
          new NoIdleClaim(),
          new SawEnough());

  private Judge() {}

  /** The verdict over a run. */
  public static Verdict judge(List<Entry> ledger, FinalState state, Bounds bounds) {
    Book book = Book.of(ledger, state, bounds);
    return new Verdict(
        RULES.stream().flatMap(rule -> rule.violations(book).stream()).toList(), Figures.of(book));
  }
}
