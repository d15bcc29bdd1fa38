package io.deriver.testkit.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.internal.Checks;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.HangingClient;
import io.deriver.testkit.catalogue.HangingProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Guards the annotation: one invocation a shape, which fails, passes or is skipped by itself. */
@Timeout(300)
class DeadlockRegressionExtensionTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);
  private static final HangShape[] BUT_TWO =
      Arrays.stream(HangShape.values())
          .filter(
              shape -> shape != HangShape.STREAM_TRUNCATED && shape != HangShape.RETRY_AFTER_DAYS)
          .toArray(HangShape[]::new);

  /** Passes one shape, fails in the other, and leaves out the rest. */
  static final class HalfGood {
    @DeadlockRegressionTest
    void noHangWedgesThePool(HangingProvider provider, Trial trial) {
      trial
          .of(SUMMARY, "any", new BadHosts().believesTheEnd(provider.baseUrl()))
          .without(BUT_TWO)
          .slots(2)
          .healthyUnits(4);
    }
  }

  /** Meets the shapes of a client. */
  static final class WithAClient {
    @DeadlockRegressionTest
    void noHangWedgesThePool(Trial trial, HangingClient client) {
      trial
          .of(
              SUMMARY,
              "any",
              (unit, run) -> {
                client.complete("any");
                return Outcome.done();
              })
          .only(HangShape.LOCK_NEVER_FREE, HangShape.ERROR_THROWN)
          .slots(2)
          .patience(Duration.ofSeconds(1));
    }
  }

  /** Keeps its client where the processor finds it. */
  static final class WithAField {
    private final Deque<HangingClient> clients = new ArrayDeque<>();

    @DeadlockRegressionTest
    void noHangWedgesThePool(Trial trial, HangingClient given) {
      clients.push(given);
      trial
          .of(
              SUMMARY,
              "any",
              (unit, run) -> {
                clients.element().complete("any");
                return Outcome.done();
              })
          .only(HangShape.NAME_LOOKUP_NEVER_RETURNS)
          .slots(2);
    }
  }

  /** Cannot do its work. */
  static final class Broken {
    @DeadlockRegressionTest
    void noHangWedgesThePool(Trial trial, HangingClient client) {
      Checks.rule(client.met() < 0, "no configuration");
    }
  }

  /** Has a processor that fails, whatever it calls. */
  static final class NeverWell {
    static final AtomicInteger CALLS = new AtomicInteger();

    @DeadlockRegressionTest
    void noHangWedgesThePool(HangingClient client, Trial trial) {
      CALLS.incrementAndGet();
      trial
          .of(
              SUMMARY,
              "any",
              (unit, run) -> {
                throw new IOException("no such address");
              })
          .slots(1);
    }
  }

  /** Forgets its processor. */
  static final class Forgetful {
    @DeadlockRegressionTest
    void noHangWedgesThePool(HangingClient client, Trial trial) {}
  }

  /** Takes nothing to meet. */
  static final class WithoutAProvider {
    @DeadlockRegressionTest
    void noHangWedgesThePool(Trial trial) {}
  }

  @Test
  void eachShapeIsAnInvocationOfItsOwn() {
    EngineExecutionResults results = run(HalfGood.class);

    results.testEvents().assertStatistics(stats -> stats.started(13).aborted(11).succeeded(1));
    assertThat(failures(results))
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContainingAll(
                        "stream cut short", "WRONG_ANSWER", "hint: ", "end marker"));
    assertThat(results.testEvents().reportingEntryPublished().count()).isEqualTo(2);
    assertThat(results.testEvents().failed().list())
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getTestDescriptor().getDisplayName())
                    .isEqualTo("12 " + HangShape.STREAM_TRUNCATED.title()));
  }

  @Test
  void aClientMeetsTheShapesOfAClient() {
    run(WithAClient.class)
        .testEvents()
        .assertStatistics(stats -> stats.started(10).aborted(8).succeeded(2));
  }

  /** The shape is the first that is played: with it the processor is warmed up. */
  @Test
  void aClientInAFieldIsTheOneThatIsPlayedWith() {
    run(WithAField.class)
        .testEvents()
        .assertStatistics(stats -> stats.started(10).aborted(9).succeeded(1));
  }

  @Test
  void aMethodThatThrowsFailsWithWhatItThrew() {
    assertThat(failures(run(Broken.class)))
        .hasSize(10)
        .allSatisfy(f -> assertThat(f).hasMessage("no configuration"));
  }

  /** The warm-up may take half a minute; one that failed is not repeated for each shape. */
  @Test
  void aProcessorThatNeverWorksIsToldOnceAndForAll() {
    NeverWell.CALLS.set(0);

    assertThat(failures(run(NeverWell.class)))
        .hasSize(10)
        .allSatisfy(
            f ->
                assertThat(f)
                    .hasMessageContaining("no such address")
                    .hasMessageContaining("DEAD_LETTERED"));
    assertThat(NeverWell.CALLS).hasValue(1);
  }

  @Test
  void aTrialWithoutAProcessorFails() {
    EngineExecutionResults results = run(Forgetful.class);

    results.testEvents().assertStatistics(stats -> stats.started(10).failed(10));
    assertThat(failures(results)).allSatisfy(f -> assertThat(f).hasMessageContaining("trial.of("));
  }

  @Test
  void aMethodThatTakesNothingToMeetIsRefused() {
    EngineExecutionResults results = run(WithoutAProvider.class);

    assertThat(
            results.containerEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow().getMessage()))
        .singleElement()
        .asString()
        .contains("either a HangingProvider or a HangingClient");
  }

  private static EngineExecutionResults run(Class<?> test) {
    return EngineTestKit.engine("junit-jupiter").selectors(selectClass(test)).execute();
  }

  private static List<Throwable> failures(EngineExecutionResults results) {
    return results.testEvents().failed().stream()
        .map(event -> event.getRequiredPayload(TestExecutionResult.class))
        .map(result -> result.getThrowable().orElseThrow())
        .toList();
  }
}
