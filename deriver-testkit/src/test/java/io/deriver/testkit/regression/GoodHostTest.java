package io.deriver.testkit.regression;

import static io.deriver.testkit.catalogue.HangShape.CALLBACK_NEVER_FIRES;
import static io.deriver.testkit.catalogue.HangShape.CPU_SPIN;
import static io.deriver.testkit.catalogue.HangShape.ERROR_THROWN;
import static io.deriver.testkit.catalogue.HangShape.RETRY_AFTER_DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.Place;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that a good processor passes every shape, and is told how its threads got free. */
@Timeout(300)
class GoodHostTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  @Test
  void passesEveryShapeOfANetwork() throws Exception {
    RegressionReport report =
        DeadlockRegression.ofProvider(SUMMARY, "any", p -> new GoodSummaries(p.baseUrl())).play();

    assertThat(report).recoversInEveryShape().freed(RETRY_AFTER_DAYS, Freed.BY_ITSELF);
    assertThat(report.shapes()).allSatisfy(shape -> assertThat(shape.abandoned()).isZero());
    assertThat(report.shapes())
        .extracting(ShapeReport::shape)
        .containsExactlyElementsOf(
            Arrays.stream(HangShape.values())
                .filter(shape -> shape.place() == Place.NETWORK)
                .toList());
  }

  @Test
  void whatNothingFreesIsNoFailure() throws Exception {
    RegressionReport report =
        DeadlockRegression.ofClient(
                SUMMARY,
                "any",
                client ->
                    (unit, run) -> {
                      client.complete(unit.payloads().get(0));
                      return Outcome.done();
                    })
            .play();

    assertThat(report)
        .recoversInEveryShape()
        .freed(CALLBACK_NEVER_FIRES, Freed.ABANDONED)
        .freed(ERROR_THROWN, Freed.BY_ITSELF);
    assertThat(report.shape(CPU_SPIN).notes())
        .singleElement()
        .asString()
        .contains("4 of 4 threads were not back", "Nothing that a host can do");
    assertThat(report.shapes()).hasSize(10);
  }
}
