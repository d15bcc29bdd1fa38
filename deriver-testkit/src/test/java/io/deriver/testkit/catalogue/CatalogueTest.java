package io.deriver.testkit.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that the list of shapes is whole, and that each of them is played by a test. */
@Timeout(60)
class CatalogueTest {

  @Test
  void numbersItsShapesFromOneToTwentyFive() {
    assertThat(Arrays.stream(HangShape.values()).map(HangShape::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 25).boxed().toList());
    assertThat(HangShape.values()).extracting(HangShape::title).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void describesEachShapeAndSaysWhereItWasSeen(HangShape shape) {
    assertThat(shape.title()).isNotBlank().doesNotEndWith(".");
    assertThat(shape.description()).hasSizeGreaterThan(20).endsWith(".");
    assertThat(shape.seenIn())
        .allSatisfy(report -> assertThat(report).matches("[\\w-]+#\\d+|JDK-\\d+"));
  }

  @ParameterizedTest
  @EnumSource
  void playsEachShape(HangShape shape) throws Exception {
    switch (shape.place()) {
      case NETWORK -> assertThat(HangingProviderTest.shapes()).contains(shape);
      case CLIENT ->
          assertThat(HangingClientTest.variants()).containsAll(HangingClient.variants(shape));
      case PROCESS ->
          assertThat(test("deriver-testkit/src/test/java/io/deriver/testkit/process/ProcessEnds"))
              .contains("class ProcessEndsTest", "@ParameterizedTest");
      case DATABASE ->
          assertThat(test("deriver-jdbc/src/test/java/io/deriver/jdbc/BoundedCalls"))
              .contains("TcpProxy", ".freeze()");
    }
  }

  private static String test(String named) throws Exception {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(named + "Test.java"))) {
      folder = folder.getParent();
      assertThat(folder).as("a folder above this one with %s", named).isNotNull();
    }
    return Files.readString(folder.resolve(named + "Test.java"));
  }
}
