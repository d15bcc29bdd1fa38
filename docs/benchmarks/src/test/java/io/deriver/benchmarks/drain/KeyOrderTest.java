package io.deriver.benchmarks.drain;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.benchmarks.measure.Payloads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guards that a run out of order does not pass. */
class KeyOrderTest {

  private static final List<String> PAYLOADS = Payloads.of(6, 100);

  private final KeyOrder order = new KeyOrder(2);

  @Test
  void ofAllInOrder() {
    came("key1", 1, 3, 5);
    came("key0", 0);
    came("key0", 2, 4);

    assertThatCode(() -> order.require(6)).doesNotThrowAnyException();
  }

  @Test
  void ofTwoInTheWrongOrder() {
    came("key0", 0, 4, 2);
    came("key1", 1, 3, 5);

    assertThatThrownBy(() -> order.require(6)).hasMessageContaining("item 4 of key0");
  }

  @Test
  void ofOneThatComesTwice() {
    came("key0", 0, 2, 4, 4);
    came("key1", 1, 3, 5);

    assertThatThrownBy(() -> order.require(6)).hasMessageContaining("item 4 of key0");
  }

  @Test
  void ofOneThatNeverComes() {
    came("key0", 0, 2, 4);
    came("key1", 1, 3);

    assertThatThrownBy(() -> order.require(6)).hasMessageContaining("item 5 of key1");
  }

  private void came(String key, int... numbers) {
    for (int number : numbers) {
      order.came(key, List.of(PAYLOADS.get(number)));
    }
  }
}
