package io.deriver.testkit.regression;

import io.deriver.ItemType;
import io.deriver.Processor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a {@link DeadlockRegressionTest}: takes the processor that is to meet the
 * shape. To be used by the test's own thread.
 */
public final class Trial {

  private final GivenStage given;
  private @Nullable DeadlockRegression<?> regression;

  Trial(GivenStage given) {
    this.given = given;
  }

  /**
   * The processor, which calls the provider or the client that the test was given.
   *
   * @param payload what every item carries
   * @return takes settings, of which those that choose shapes skip an invocation; it is played when
   *     the test method returns, do not play it there
   * @throws IllegalStateException if it was called before
   */
  public <T> DeadlockRegression<T> of(ItemType<T> type, T payload, Processor<T> processor) {
    Objects.requireNonNull(processor, "processor");
    if (regression != null) {
      throw new IllegalStateException("of(..) was called before; a trial takes one processor");
    }
    DeadlockRegression<T> one = new DeadlockRegression<>(type, payload, given.maker(processor));
    regression = one;
    return one;
  }

  @Nullable DeadlockRegression<?> regression() {
    return regression;
  }
}
