package io.deriver.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guards the input: 233 conversations, of which four are poisoned in each of two ways. */
class PoisonTest {

  private final Input input = Input.load();

  @Test
  void theInputIsWhole() {
    assertThat(input.conversations()).hasSize(233);
    assertThat(input.lines()).hasSize(2259);
  }

  @Test
  void fourConversationsArePoisonedInEachWay() {
    Map<String, Poison> poisoned = Poison.in(input);

    assertThat(poisoned).hasSize(8);
    assertThat(poisoned.values()).filteredOn(Poison.LETS_GO::equals).hasSize(4);
  }

  @Test
  void everyMessageOfAPoisonedConversationIsMarkedAndNoOther() {
    Map<String, Poison> poisoned = Poison.in(input);

    assertThat(Poison.mark(input).lines())
        .allSatisfy(
            line -> {
              Poison poison = poisoned.get(line.conversation());
              if (poison == null) {
                assertThat(line.message().text()).doesNotContain("[poisoned by");
              } else {
                assertThat(line.message().text()).endsWith(poison.mark());
              }
            });
  }
}
