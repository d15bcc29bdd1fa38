package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.catalogue.Expected;
import io.deriver.testkit.catalogue.HangShape;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that the table of hangs in docs/guarantees.md is whole. */
class HangTableTest {

  /** Those that do not keep a run, which ReturningShapesTest plays, or are not met in a process. */
  private static final Set<Expected> ELSEWHERE =
      EnumSet.of(
          Expected.FAILS, Expected.ENDS, Expected.LATE, Expected.TAKEN_OVER, Expected.WRITTEN_ONCE);

  @Test
  void hasEachShapeOfTheCatalogueThatKeepsARun() {
    assertThat(WayToHang.values())
        .extracting(WayToHang::shape)
        .containsAll(
            Arrays.stream(HangShape.values())
                .filter(shape -> !ELSEWHERE.contains(shape.expected()))
                .toList());
  }

  @ParameterizedTest
  @EnumSource
  void saysOfEachShapeWhatBecomesOfItsThread(WayToHang shape) {
    HangTable table = HangTable.read();
    assertThat(table.columns())
        .contains(
            "Java 17, platform threads", "Java 25, platform threads", "Java 25, virtual threads");
    assertThat(table.columns())
        .allSatisfy(column -> assertThat(table.words(shape, column)).isNotEmpty());
  }
}
