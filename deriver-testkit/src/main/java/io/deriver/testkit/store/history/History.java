package io.deriver.testkit.store.history;

import io.deriver.Priority;
import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.history.Step.Dedup;
import io.deriver.testkit.store.history.Step.Fate;
import io.deriver.testkit.store.history.Step.Lapse;
import io.deriver.testkit.store.history.Step.Way;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * What happens to a store, step by step: items come, nodes claim, end, crash, come late and reap,
 * time passes, operators put dead letters back, drop what waits, pause the type and resume it. A
 * property of a store's test plays each on a fresh store; jqwik makes them, and shortens one that
 * shows an error:
 *
 * <pre>{@code
 * @Property(tries = 500)
 * void theStoreDoesWhatTheModelDoes(@ForAll("histories") History history) {
 *   try (MyHarness harness = new MyHarness()) {
 *     history.playOn(harness, seen -> {});
 *   }
 * }
 *
 * @Provide
 * Arbitrary<History> histories() {
 *   return History.any();
 * }
 * }</pre>
 *
 * <p>What it shows: items, order, priorities, limits, attempts, standing, units, refusals, effects
 * and dead letters, by one call after another. What it does not: calls that overlap; see the
 * contract for these.
 *
 * <p>Needs {@code net.jqwik:jqwik}, its engine, on the test's class path. Immutable.
 */
public final class History {

  private static final int LONGEST = 60;
  private static final int MANY = 20;

  private final List<Step> steps;

  private History(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /** Histories of 1 to 60 steps with three keys and two nodes. */
  public static Arbitrary<History> any() {
    return Arbitraries.frequencyOf(
            Tuple.of(7, enqueues()),
            Tuple.of(7, claims()),
            Tuple.of(6, ends()),
            Tuple.of(2, applies()),
            Tuple.of(2, refused()),
            Tuple.of(9, upkeep()),
            Tuple.of(5, operators()))
        .list()
        .ofMinSize(1)
        .ofMaxSize(LONGEST)
        .withSizeDistribution(RandomDistribution.uniform())
        .map(History::new);
  }

  private static Arbitrary<Step> enqueues() {
    return Combinators.combine(
            some(3),
            Arbitraries.integers().between(1, 3),
            Arbitraries.frequency(Tuple.of(4, ""), Tuple.of(1, "other")),
            Arbitraries.frequency(
                Tuple.of(4, Priority.NORMAL),
                Tuple.of(1, Priority.HIGH),
                Tuple.of(2, Priority.URGENT),
                Tuple.of(2, Priority.LOW)),
            Arbitraries.frequency(Tuple.of(6, false), Tuple.of(1, true)),
            Arbitraries.frequency(
                Tuple.of(12, Dedup.NONE),
                Tuple.of(2, Dedup.KEEP_FIRST_A),
                Tuple.of(1, Dedup.KEEP_FIRST_B),
                Tuple.of(2, Dedup.REPLACE_A),
                Tuple.of(1, Dedup.REPLACE_B),
                Tuple.of(2, Dedup.PUSH_BACK_A),
                Tuple.of(1, Dedup.PUSH_BACK_B)))
        .as(Step.Enqueue::new);
  }

  private static Arbitrary<Step> claims() {
    return Combinators.combine(
            some(2),
            Arbitraries.integers().between(1, 3),
            Arbitraries.of(1, 2, 3, 3, 4),
            Arbitraries.of(1, 2, 3, 3),
            Arbitraries.frequency(Tuple.of(4, Step.Claim.ALL), Tuple.of(2, 1), Tuple.of(1, 0)),
            Arbitraries.frequency(Tuple.of(5, Step.Claim.ALL), Tuple.of(2, 2), Tuple.of(1, 1)))
        .as(Step.Claim::new);
  }

  private static Arbitrary<Step> ends() {
    return Combinators.combine(some(MANY), Arbitraries.of(Way.class)).as(Step.End::new);
  }

  private static Arbitrary<Step> applies() {
    return Combinators.combine(some(MANY), Arbitraries.of(Fate.class)).as(Step.Apply::new);
  }

  private static Arbitrary<Step> refused() {
    return Arbitraries.oneOf(
        Combinators.combine(some(MANY), Arbitraries.of(Way.class)).as(Step.EndLost::new),
        Combinators.combine(some(MANY), Arbitraries.of(true, false)).as(Step.EndOfStranger::new),
        some(MANY).map(Step.ApplyLost::new));
  }

  private static Arbitrary<Step> upkeep() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, some(2).map(Step.Renew::new)),
        Tuple.of(1, some(MANY).map(Step.GiveBack::new)),
        Tuple.of(3, Arbitraries.of(Lapse.class).map(Step.Pass::new)),
        Tuple.of(1, some(2).map(Step.Crash::new)),
        Tuple.of(3, some(2).map(Step.Takeover::new)),
        Tuple.of(1, some(2).map(Step.Overstay::new)),
        Tuple.of(3, some(2).map(Step.Reap::new)));
  }

  private static Arbitrary<Step> operators() {
    return Arbitraries.frequencyOf(
        Tuple.of(2, some(MANY).map(Step.Requeue::new)),
        Tuple.of(2, some(MANY).map(Step.Discard::new)),
        Tuple.of(3, Arbitraries.of(1, 3, 5).map(Step.Gather::new)),
        Tuple.of(4, some(3).map(Step.FlushKey::new)),
        Tuple.of(2, Arbitraries.create(Step.FlushAll::new)),
        Tuple.of(2, some(3).map(Step.CancelPending::new)),
        Tuple.of(1, Arbitraries.create(Step.Pause::new)),
        Tuple.of(5, Arbitraries.create(Step.Resume::new)));
  }

  private static Arbitrary<Integer> some(int below) {
    return Arbitraries.integers().between(0, below - 1);
  }

  /**
   * Plays it, and says after each step whether the store holds what it must.
   *
   * @param store an empty one; the caller closes it
   * @param seen is told what the history came by
   * @throws AssertionError if the store does or answers something else than the model; the message
   *     names the step
   */
  public void playOn(StoreHarness store, Consumer<Seen> seen) {
    try (HistoryPlay play = new HistoryPlay(store, seen)) {
      for (int i = 0; i < steps.size(); i++) {
        try {
          play.play(steps.get(i));
        } catch (AssertionError e) {
          throw new AssertionError(
              "step %d, %s, of %s: %s".formatted(i + 1, steps.get(i), this, e.getMessage()), e);
        }
      }
    }
  }

  /** How many steps it has. */
  public int length() {
    return steps.size();
  }

  @Override
  public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
