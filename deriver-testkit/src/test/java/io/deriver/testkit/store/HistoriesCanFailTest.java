package io.deriver.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.history.History;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards the histories themselves: they find stores that break a rule, and say so shortly. */
class HistoriesCanFailTest {

  private static final long SEED = 42;
  private static final int HISTORIES = 400;
  private static final int SHORT = 8;
  private static final int TRIES = 3;

  /** Broken in what histories do not look at; the contract's examples find them. */
  private static final Set<String> OUT_OF_SIGHT =
      Set.of(
          "forgets the weight",
          "forgets the variant",
          "gathers for all types alike",
          "never tells what cut a unit",
          "says that items cut every unit",
          "drops NUL from payloads",
          "favours the type named last",
          "counts letters instead of bytes",
          "has no caps of types",
          "takes weights for nothing",
          "skips units whose first item is too large",
          "tells a due time where there is none",
          "stops a batch at the first refusal",
          "answers an empty batch",
          "refuses to write a text with NUL",
          "asks the gate before the step",
          "wraps what a step throws",
          "locks the store while a step runs",
          "never tells what is cancelled",
          "renews with every claim",
          "claims only where it renews",
          "never says that there is more to reap",
          "takes what is discarded for done",
          "keeps what nobody asked for",
          "folds the case of keys",
          "cuts keys",
          "takes payloads of any size",
          "takes items one by one",
          "loses the last item of a call");

  static Stream<Mutant> mutants() {
    return ContractCanFailTest.mutants().filter(mutant -> !OUT_OF_SIGHT.contains(mutant.breaks()));
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aBrokenStoreIsFoundByAShortHistory(Mutant mutant) {
    JqwikSession.run(
        () -> {
          List<History> found = find(mutant);
          assertThat(found).as("histories that show it").isNotEmpty();
          History shortest = found.get(found.size() - 1);
          System.out.println(mutant + ": " + shortest);
          assertThat(shortest.length()).as("steps of %s", shortest).isLessThanOrEqualTo(SHORT);
        });
  }

  /** Shortened ones, up to the first that is short: jqwik does not get each there. */
  private static List<History> find(Mutant mutant) {
    RandomGenerator<History> histories = History.any().generator(HISTORIES);
    Random random = new Random(SEED);
    Iterator<History> all =
        Stream.generate(() -> histories.next(random))
            .limit(HISTORIES)
            .filter(history -> fails(history.value(), mutant))
            .map(history -> shortened(history, mutant))
            .iterator();
    List<History> found = new ArrayList<>();
    while (found.size() < TRIES && all.hasNext()) {
      found.add(all.next());
      if (found.get(found.size() - 1).length() <= SHORT) {
        break;
      }
    }
    return found;
  }

  /** As jqwik does it: the first shorter one that fails as well, and again from there. */
  private static History shortened(Shrinkable<History> found, Mutant mutant) {
    Shrinkable<History> shortest = found;
    Optional<Shrinkable<History>> next = Optional.of(found);
    while (next.isPresent()) {
      shortest = next.get();
      next = shortest.shrink().filter(history -> fails(history.value(), mutant)).findFirst();
    }
    return shortest.value();
  }

  private static boolean fails(History history, Mutant mutant) {
    try (StoreHarness store = mutant.open()) {
      history.playOn(store, seen -> {});
      return false;
    } catch (AssertionError | RuntimeException e) {
      return true;
    }
  }
}
