package io.deriver.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Guards the input: 233 conversations, of which four hang in each of two ways. */
class PoisonTest {

  private final Input input = Input.load();

  @Test
  void theInputIsWhole() {
    assertThat(input.conversations()).hasSize(233);
    assertThat(input.lines()).hasSize(2259);
  }

  @Test
  void twelveMessagesArePoisonedSevenSoThatTheyLetGo() {
    Map<Long, Poison> poisoned = Poison.in(input);

    assertThat(poisoned).hasSize(12);
    assertThat(poisoned.values()).filteredOn(Poison.LETS_GO::equals).hasSize(7);
  }

  @Test
  void fourConversationsHangInEachWay() {
    Map<Long, Poison> poisoned = Poison.in(input);
    Map<String, Set<Poison>> hanging =
        input.lines().stream()
            .filter(line -> poisoned.containsKey(line.message().number()))
            .collect(
                Collectors.groupingBy(
                    Input.Line::conversation,
                    Collectors.mapping(
                        line -> poisoned.get(line.message().number()), Collectors.toSet())));

    assertThat(hanging.keySet()).hasSize(8).isEqualTo(Poison.conversations(input));
    assertThat(hanging.values()).filteredOn(Set.of(Poison.LETS_GO)::equals).hasSize(4);
    assertThat(hanging.values()).filteredOn(Set.of(Poison.IGNORES_EVERYTHING)::equals).hasSize(4);
  }

  @Test
  void everyPoisonedMessageIsMarkedAndNoOther() {
    Map<Long, Poison> poisoned = Poison.in(input);

    assertThat(Poison.mark(input).lines())
        .allSatisfy(
            line -> {
              Poison poison = poisoned.get(line.message().number());
              if (poison == null) {
                assertThat(line.message().text()).doesNotContain("[poisoned by");
              } else {
                assertThat(line.message().text()).endsWith(poison.mark());
              }
            });
  }
}
