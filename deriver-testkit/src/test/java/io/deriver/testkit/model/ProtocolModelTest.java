package io.deriver.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Invariants 3 to 6 and 8 for two nodes, two keys and three items, in every order in which claims,
 * renewals, ends, crashes, pauses, lost answers, takeovers and late threads can meet. Each known
 * way to get it wrong must be found.
 */
class ProtocolModelTest {

  private static final Faults EVERYTHING = new Faults(0, 0b101, 0b010, 1, 1, 1);
  private static final Faults A_KILLER_AND_BYSTANDERS = new Faults(0b100, 0, 0, 2, 0, 0);
  private static final Faults ONE_THAT_FAILS = new Faults(0, 0b001, 0b001, 0, 0, 0);
  private static final Faults A_KILLER_IN_COMPANY = new Faults(0b010, 0, 0, 0, 0, 0);
  private static final Faults PAUSES_AND_LOST_ANSWERS = new Faults(0, 0b001, 0, 0, 1, 1);

  static Stream<Arguments> faults() {
    return Stream.of(
        Arguments.of("everything", EVERYTHING),
        Arguments.of("pauses and lost answers", PAUSES_AND_LOST_ANSWERS),
        Arguments.of("a killer and bystanders", A_KILLER_AND_BYSTANDERS),
        Arguments.of("one that fails", ONE_THAT_FAILS),
        Arguments.of("a killer in company", A_KILLER_IN_COMPANY));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void everyStateIsRight(String name, Faults faults) {
    Exploration exploration = new Exploration(faults, Set.of());
    Optional<String> wrong = exploration.findsWrong();
    System.out.printf("model, %s: %d states%n", name, exploration.states());
    assertThat(wrong).isEmpty();
    assertThat(exploration.states()).isGreaterThan(200);
  }

  @ParameterizedTest
  @EnumSource
  void everyFlawIsFound(Flaw flaw) {
    List<String> found =
        Stream.of(
                A_KILLER_AND_BYSTANDERS,
                ONE_THAT_FAILS,
                A_KILLER_IN_COMPANY,
                PAUSES_AND_LOST_ANSWERS)
            .map(faults -> new Exploration(faults, EnumSet.of(flaw)).findsWrong())
            .flatMap(Optional::stream)
            .limit(1)
            .toList();
    found.forEach(wrong -> System.out.println(flaw + ": " + wrong.lines().findFirst().orElse("")));
    assertThat(found).as("what the model finds wrong with %s", flaw).isNotEmpty();
  }
}
