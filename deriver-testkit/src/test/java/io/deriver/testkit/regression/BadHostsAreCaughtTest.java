package io.deriver.testkit.regression;

import static io.deriver.testkit.catalogue.HangShape.BODY_STALLS;
import static io.deriver.testkit.catalogue.HangShape.CALLBACK_NEVER_FIRES;
import static io.deriver.testkit.catalogue.HangShape.CHILD_THREAD_LEFT;
import static io.deriver.testkit.catalogue.HangShape.HEADERS_NEVER_COME;
import static io.deriver.testkit.catalogue.HangShape.RETRY_AFTER_DAYS;
import static io.deriver.testkit.catalogue.HangShape.STREAM_NEVER_ENDS;
import static io.deriver.testkit.catalogue.HangShape.STREAM_TRUNCATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.ItemOutcome;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.store.InMemoryStep;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that each kind of bad processor is caught, and is told what would mend it. */
@Timeout(180)
class BadHostsAreCaughtTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  private final BadHosts bad = new BadHosts();

  @AfterEach
  void stop() {
    bad.stop();
  }

  @Test
  void whoReadsASocketAndRegistersNothing() throws Exception {
    RegressionReport report = play(bad::readsASocket, BODY_STALLS);

    Finding finding = finding(report, BODY_STALLS, Fault.ABANDONED);
    assertThat(finding.hint())
        .contains("nothing was registered", "run.onCancel", "one for reading ends it");
    assertThat(finding.stack()).contains("readsASocket", "InputStream.read");
    assertThat(report.shape(BODY_STALLS).abandoned()).isEqualTo(2);
    assertThat(report).freed(BODY_STALLS, Freed.ABANDONED);
  }

  @Test
  void whoSwallowsInterrupts() throws Exception {
    RegressionReport report = play(bad::swallowsInterrupts, HEADERS_NEVER_COME);

    Finding finding = finding(report, HEADERS_NEVER_COME, Fault.ABANDONED);
    assertThat(finding.hint()).contains("the first one was swallowed", "InterruptedException");
    assertThat(finding.stack()).contains("swallowsInterrupts");
    assertThat(report).finds(HEADERS_NEVER_COME, Fault.REPEATED);
  }

  @Test
  void whoRetries() throws Exception {
    RegressionReport report = play(bad::retries, RETRY_AFTER_DAYS, STREAM_TRUNCATED);

    Finding finding = finding(report, RETRY_AFTER_DAYS, Fault.REPEATED);
    assertThat(finding.what()).contains("6 calls of 2 attempts");
    assertThat(finding.hint()).contains("maxRetries(0)", "callsPerAttempt");
    assertThat(report).finds(STREAM_TRUNCATED, Fault.REPEATED);
  }

  @Test
  void unlessItIsMeantToBe() throws Exception {
    RegressionReport report = regression(bad::retries, RETRY_AFTER_DAYS).callsPerAttempt(3).play();

    assertThat(report).recoversInEveryShape();
  }

  @Test
  void whoClosesByDisconnect() throws Exception {
    Finding finding = finding(play(bad::disconnects, BODY_STALLS), BODY_STALLS, Fault.ABANDONED);

    assertThat(finding.hint()).contains("disconnect()", "setReadTimeout");
    assertThat(finding.stack()).contains("and closing what it registered", "disconnect");
  }

  @Test
  void whoJoinsAFuture() throws Exception {
    Finding finding =
        finding(play(bad::joins, HEADERS_NEVER_COME), HEADERS_NEVER_COME, Fault.ABANDONED);

    assertThat(finding.hint()).contains("join()", "get()");
  }

  @Test
  void whoJoinsTheFutureOfAClient() throws Exception {
    RegressionReport report =
        DeadlockRegression.ofClient(
                SUMMARY,
                "any",
                client ->
                    (unit, run) -> {
                      client.completeAsync(unit.payloads().get(0)).join();
                      return Outcome.done();
                    })
            .only(CALLBACK_NEVER_FIRES)
            .slots(2)
            .patience(Duration.ofSeconds(1))
            .play();

    assertThat(finding(report, CALLBACK_NEVER_FIRES, Fault.ABANDONED).hint()).contains("get()");
  }

  @Test
  void whoTakesHalfAnAnswerForAWholeOne() throws Exception {
    Finding finding =
        finding(play(bad::believesTheEnd, STREAM_TRUNCATED), STREAM_TRUNCATED, Fault.WRONG_ANSWER);

    assertThat(finding.what()).contains("2 of 2 runs said that all is done");
    assertThat(finding.hint()).contains("end marker", "[DONE]");
  }

  @Test
  void whoNeverCallsTheProvider() throws Exception {
    Function<String, Processor<String>> idle = url -> (unit, run) -> Outcome.done();
    Finding finding = finding(play(idle, BODY_STALLS), BODY_STALLS, Fault.WRONG_ANSWER);

    assertThat(finding.hint()).contains("call the provider that the test gave it");
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAM_NEVER_ENDS", "DEAD_POOLED_CONNECTION"})
  void whoNeverCallsTheProviderWhereAnAnswerIsToCome(HangShape shape) throws Exception {
    Function<String, Processor<String>> idle = url -> (unit, run) -> Outcome.done();

    assertThat(finding(play(idle, shape), shape, Fault.NOT_MET).what()).contains("none of them");
  }

  @Test
  void whoNeverCallsTheClientWhereAnAnswerIsToCome() throws Exception {
    RegressionReport report =
        DeadlockRegression.ofClient(SUMMARY, "any", client -> (unit, run) -> Outcome.done())
            .only(CHILD_THREAD_LEFT)
            .slots(2)
            .play();

    assertThat(report).finds(CHILD_THREAD_LEFT, Fault.NOT_MET);
  }

  @Test
  void whoTakesHalfAnAnswerForAWholeOneItemByItem() throws Exception {
    RegressionReport report =
        play(
            url ->
                (unit, run) -> {
                  Outcome unused = bad.believesTheEnd(url).process(unit, run);
                  return Outcome.perItem(Map.of(unit.items().get(0).id(), ItemOutcome.done()));
                },
            STREAM_TRUNCATED);

    assertThat(report).finds(STREAM_TRUNCATED, Fault.WRONG_ANSWER);
  }

  @Test
  void whoCallsInTheStepThatCompletes() throws Exception {
    InMemoryWorkStore store = new InMemoryWorkStore();
    RegressionReport report =
        regression(
                url ->
                    (unit, run) -> {
                      Processor<String> reads = bad.readsASocket(url);
                      return store.apply(
                          (InMemoryStep.Transaction transaction) -> {
                            Outcome unused = reads.process(unit, run);
                          });
                    },
                STREAM_NEVER_ENDS)
            .on(store, store::enqueue)
            .play();

    assertThat(report).finds(STREAM_NEVER_ENDS, Fault.ABANDONED);
    assertThat(report.shape(STREAM_NEVER_ENDS).slotsBackAfter())
        .isGreaterThan(Duration.ofMillis(500));
  }

  @Test
  void whoFailsBeforeItCalls() throws Exception {
    Function<String, Processor<String>> early =
        url ->
            (unit, run) -> {
              if (run.attempt() == 1) {
                throw new IllegalStateException("no address is configured");
              }
              return bad.believesTheEnd(url).process(unit, run);
            };
    RegressionReport report = play(early, BODY_STALLS);

    assertThat(finding(report, BODY_STALLS, Fault.NOT_MET).what()).contains("ended by themselves");
  }

  @Test
  void whoHoldsALockAcrossTheCall() throws Exception {
    RegressionReport report =
        regression(bad::locks, BODY_STALLS).within(Duration.ofSeconds(5)).play();

    assertThat(report).finds(BODY_STALLS, Fault.ABANDONED);
    Finding finding = finding(report, BODY_STALLS, Fault.NOT_RECOVERED);
    assertThat(finding.what()).contains("healthy, key=regression-2", "by timeout");
    assertThat(finding.hint()).contains("a lock");
  }

  @Test
  void whoClosesByWaitingForTheCall() throws Exception {
    Finding finding =
        finding(play(bad::closesByWaiting, BODY_STALLS), BODY_STALLS, Fault.ABANDONED);

    assertThat(finding.hint()).contains("hangs itself");
    assertThat(finding.stack()).contains("BLOCKED");
  }

  @Test
  void theFailureShowsTableHintAndStack() throws Exception {
    RegressionReport report = play(bad::readsASocket, BODY_STALLS, STREAM_TRUNCATED);

    assertThatThrownBy(() -> assertThat(report).recoversInEveryShape())
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "in 1 of 2 something is wrong",
            "body stalls",
            "abandoned (2)",
            "FAILED: threads abandoned",
            "stream cut short",
            "ok",
            "hint: ",
            "readsASocket");
  }

  private static RegressionReport play(
      Function<String, Processor<String>> host, HangShape... shapes) throws InterruptedException {
    return regression(host, shapes).play();
  }

  private static DeadlockRegression<String> regression(
      Function<String, Processor<String>> host, HangShape... shapes) {
    return DeadlockRegression.ofProvider(SUMMARY, "any", provider -> host.apply(provider.baseUrl()))
        .only(shapes)
        .slots(2)
        .healthyUnits(4)
        .patience(Duration.ofSeconds(1));
  }

  private static Finding finding(RegressionReport report, HangShape shape, Fault fault) {
    assertThat(report).finds(shape, fault);
    return report.shape(shape).findings().stream()
        .filter(finding -> finding.fault() == fault)
        .findFirst()
        .orElseThrow();
  }
}
