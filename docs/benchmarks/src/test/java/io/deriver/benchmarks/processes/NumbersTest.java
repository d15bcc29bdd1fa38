package io.deriver.benchmarks.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Guards that an item that is done twice, or never, does not pass. */
class NumbersTest {

  @Test
  void eachOnce() {
    assertThatCode(() -> judge("2,0", "1,3")).doesNotThrowAnyException();
  }

  @Test
  void oneTwiceByTwoProcesses() {
    assertThatThrownBy(() -> judge("2,0", "1,3,2")).hasMessage("item 2 was called for 2 times");
  }

  @Test
  void oneNever() {
    assertThatThrownBy(() -> judge("2,0", "1", "")).hasMessage("item 3 was called for 0 times");
  }

  @Test
  void readAsWritten() {
    assertThat(Numbers.read(new Numbers(List.of(3, 1)).written()).all()).containsExactly(3, 1);
    assertThat(Numbers.read(new Numbers(List.of()).written()).all()).isEmpty();
  }

  @Test
  void theLastProgressThatCounts() {
    assertThat(Done.last(List.of("ready", "done 3 5", "done 4 6", "else")))
        .isEqualTo(new Done(4, 6));
    assertThat(Done.last(List.of("ready", "done 3 5", "rested"))).isEqualTo(Done.NOTHING);
    assertThat(Done.last(List.of())).isEqualTo(Done.NOTHING);
  }

  private static void judge(String... written) {
    Numbers.requireEachOnce(List.of(written).stream().map(Numbers::read).toList(), 4);
  }
}
