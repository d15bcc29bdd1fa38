package io.deriver.testkit.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.HangingClient;
import io.deriver.testkit.catalogue.Place;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards what a play tells when its own machinery is in trouble. */
@Timeout(120)
class ShapePlayTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  @Test
  void aStageThatCannotBeClosedTakesNoReportAway() throws Exception {
    RegressionReport report =
        new DeadlockRegression<>(SUMMARY, "any", new Unclosable())
            .only(HangShape.CALLBACK_NEVER_FIRES)
            .slots(2)
            .play();

    ShapeReport played = report.shape(HangShape.CALLBACK_NEVER_FIRES);
    assertThat(played.played()).isTrue();
    assertThat(played.notes()).anySatisfy(note -> assertThat(note).contains("2 calls are left"));
  }

  /** Makes stages whose close throws; nothing is to be warmed up. */
  private static final class Unclosable implements Stage.Maker<String> {

    @Override
    public Place place() {
      return Place.CLIENT;
    }

    @Override
    public Optional<HangShape> forWarmUp() {
      return Optional.empty();
    }

    @Override
    public Stage<String> make(HangShape shape) {
      HangingClient client = HangingClient.of(shape);
      return new ThrowsOnClose(
          new Stage.Client<>(
              client,
              (unit, run) -> {
                client.complete("any");
                return Outcome.done();
              }));
    }
  }

  /** Closes, and throws. */
  private record ThrowsOnClose(Stage<String> stage) implements Stage<String> {

    @Override
    public Processor<String> processor() {
      return stage.processor();
    }

    @Override
    public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
      return stage.awaitMet(atLeast, within);
    }

    @Override
    public boolean wasMet() {
      return stage.wasMet();
    }

    @Override
    public OptionalInt calls() {
      return stage.calls();
    }

    @Override
    public void recover() {
      stage.recover();
    }

    @Override
    public void answerLate() {
      stage.answerLate();
    }

    @Override
    public void close() {
      stage.close();
      throw new IllegalStateException("2 calls are left");
    }
  }
}
