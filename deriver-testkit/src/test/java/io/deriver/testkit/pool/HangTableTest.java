package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that the table of hangs in docs/guarantees.md is whole. */
class HangTableTest {

  @ParameterizedTest
  @EnumSource
  void saysOfEachShapeWhatBecomesOfItsThread(HangShape shape) {
    HangTable table = HangTable.read();
    assertThat(table.columns())
        .contains(
            "Java 17, platform threads", "Java 25, platform threads", "Java 25, virtual threads");
    assertThat(table.columns())
        .allSatisfy(column -> assertThat(table.words(shape, column)).isNotEmpty());
  }
}
