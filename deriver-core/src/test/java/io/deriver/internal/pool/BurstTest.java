package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that a burst is given moments to gather, and that single work is never waited for. */
class BurstTest {

  private static final int MOST = 100;

  private final Queue<Integer> more = new ArrayDeque<>();
  private int ready = 1;
  private int breaths;
  private final Burst burst =
      new Burst(
          () -> {
            breaths++;
            ready += more.isEmpty() ? 0 : more.remove();
          });

  private int gathered() {
    return burst.gathered(() -> ready, MOST);
  }

  @Test
  @DisplayName("after a burst it waits for as long as each moment brings more")
  void gathers() {
    burst.was(50);
    more.addAll(List.of(10, 20, 0, 30));
    assertThat(gathered()).isEqualTo(31);
    assertThat(breaths).isEqualTo(3);
  }

  @Test
  @DisplayName("it does not wait for ever, however steadily more comes")
  void bounded() {
    burst.was(50);
    more.addAll(List.of(1, 1, 1, 1, 1, 1, 1));
    assertThat(gathered()).isEqualTo(1 + Burst.BREATHS);
    assertThat(breaths).isEqualTo(Burst.BREATHS);
  }

  @Test
  @DisplayName("with as many as may be there is nothing to wait for")
  void full() {
    burst.was(50);
    ready = MOST;
    assertThat(gathered()).isEqualTo(MOST);
    assertThat(breaths).isZero();
    ready = MOST - 1;
    more.addAll(List.of(1, 1));
    assertThat(gathered()).isEqualTo(MOST);
    assertThat(breaths).isEqualTo(1);
  }

  @Test
  @DisplayName("a burst in two halves is one again: the first of the second half is waited with")
  void halves() {
    burst.was(50);
    burst.was(1);
    more.addAll(List.of(49, 0));
    assertThat(gathered()).isEqualTo(50);
  }

  @Test
  @DisplayName("nothing is not waited for, nor is less")
  void nothing() {
    burst.was(50);
    for (int none : new int[] {0, -2}) {
      ready = none;
      assertThat(gathered()).isEqualTo(none);
    }
    assertThat(breaths).isZero();
  }

  @Test
  @DisplayName("what comes singly is not waited for, soon after a burst either")
  void singly() {
    assertThat(gathered()).isEqualTo(1);
    burst.was(3);
    assertThat(gathered()).isEqualTo(1);
    burst.was(50);
    for (int calls = 0; calls < 4; calls++) {
      burst.was(1);
    }
    assertThat(gathered()).isEqualTo(1);
    assertThat(breaths).isZero();
  }

  @Test
  @DisplayName("four were several")
  void several() {
    burst.was(4);
    assertThat(gathered()).isEqualTo(1);
    assertThat(breaths).isEqualTo(1);
  }
}
