package io.deriver.testkit.regression;

import static io.deriver.testkit.catalogue.HangShape.BODY_STALLS;
import static io.deriver.testkit.catalogue.HangShape.HANDSHAKE_NEVER_ANSWERED;
import static io.deriver.testkit.catalogue.HangShape.KEEP_ALIVES_FOR_EVER;
import static io.deriver.testkit.catalogue.HangShape.STREAM_NEVER_ENDS;
import static io.deriver.testkit.catalogue.HangShape.TIMEOUT_IGNORED;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.regression.Observed.Met;
import io.deriver.testkit.regression.Observed.OneRun;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Guards what counts as a fault, where a real pool does not show it. */
class JudgeTest {

  private static final PlaySettings SETTINGS =
      new PlaySettings(
          4,
          20,
          PlaySettings::shortLimits,
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          1,
          false);
  private static final OneRun FREED = run(Freed.BY_CLOSE, 0, false);

  @Test
  void nothingIsWrongWithOneThatLetsGo() {
    ShapeReport report = judge(seen(BODY_STALLS, true, Met.BY_ALL, FREED, List.of()));

    assertThat(report.passed()).isTrue();
    assertThat(report.notes()).isEmpty();
    assertThat(report.freed()).isEqualTo(Freed.BY_CLOSE);
  }

  @Test
  void aKeptSlotIsAFault() {
    ShapeReport report = judge(seen(BODY_STALLS, false, Met.BY_ALL, FREED, List.of()));

    assertThat(report.has(Fault.SLOT_KEPT)).isTrue();
    assertThat(report.row()).contains("FAILED: a slot was kept");
  }

  @Test
  void aShapeThatNoCallWasInIsAFault() {
    assertThat(judge(seen(BODY_STALLS, true, Met.BY_NONE, FREED, List.of())).has(Fault.NOT_MET))
        .isTrue();
    assertThat(judge(seen(BODY_STALLS, true, Met.BY_SOME, FREED, List.of())).passed()).isTrue();
  }

  @Test
  void soIsOneBeforeWhoseCallAllRunsFailed() {
    OneRun failed = run(Freed.BY_ITSELF, 0, false);

    assertThat(judge(seen(BODY_STALLS, true, Met.BY_NONE, failed, List.of())).has(Fault.NOT_MET))
        .isTrue();
  }

  @Test
  void whatCouldNotBeClosedIsNoted() {
    Observed seen = seen(BODY_STALLS, true, Met.BY_ALL, FREED, List.of()).withTrouble("2 are left");

    assertThat(judge(seen).notes()).singleElement().asString().contains("2 are left");
  }

  @Test
  void unitsThatDoNotEndAreAFault() {
    List<String> unfinished = List.of("healthy, key=a: at PT1S attempt 3 RETRIED by timeout");
    ShapeReport report = judge(seen(BODY_STALLS, true, Met.BY_ALL, FREED, unfinished));

    assertThat(report.has(Fault.NOT_RECOVERED)).isTrue();
    assertThat(report.details()).contains("key=a", "hint: ");
  }

  @Test
  void butNotWhereTheClientDistrustsTheTestsOwnCertificate() {
    List<String> unfinished = List.of("healthy, key=a: javax.net.ssl.SSLHandshakeException: PKIX");
    ShapeReport report = judge(seen(HANDSHAKE_NEVER_ANSWERED, true, Met.BY_ALL, FREED, unfinished));

    assertThat(report.passed()).isTrue();
    assertThat(report.notes()).singleElement().asString().contains("LoopbackTls");
  }

  /** A client that repeats the handshake is ended by a limit, whose words tell nothing of trust. */
  @Test
  void whoseRepeatedHandshakesALimitEndsIsTold() {
    List<String> unfinished = List.of("healthy, key=a: at PT1S attempt 3 RETRIED by timeout");
    ShapeReport report = judge(seen(HANDSHAKE_NEVER_ANSWERED, true, Met.BY_ALL, FREED, unfinished));

    assertThat(report.has(Fault.NOT_RECOVERED)).isTrue();
    assertThat(report.details()).contains("LoopbackTls.shared().clientContext()");
  }

  @Test
  void soIsOneThatOnlyAHostsOwnWaitAddsTo() {
    OneRun unavoidable = away("at io.deriver.testkit.llm.HangingLlm.complete(HangingLlm.java:1)");
    OneRun avoidable =
        away(
            "at java.util.concurrent.CompletableFuture.join(CompletableFuture.java:1)",
            "at com.example.Host.process(Host.java:1)");

    assertThat(judgeAway(unavoidable, unavoidable).passed()).isTrue();
    assertThat(judgeAway(unavoidable, avoidable).has(Fault.ABANDONED)).isTrue();
  }

  private static OneRun away(String... stack) {
    return new OneRun("a", Freed.ABANDONED, List.of(stack), List.of(), 0, 0, false, "timeout");
  }

  private static ShapeReport judgeAway(OneRun... runs) {
    return judge(
        new Observed(
            TIMEOUT_IGNORED,
            true,
            Duration.ofSeconds(1),
            Met.BY_ALL,
            List.of(runs),
            OptionalInt.empty(),
            List.of(),
            List.of(),
            0,
            ""));
  }

  @Test
  void aWholeAnswerMayBeTaken() {
    OneRun done = run(Freed.BY_ITSELF, 0, true);

    assertThat(judge(seen(STREAM_NEVER_ENDS, true, Met.BY_ALL, done, List.of())).passed()).isTrue();
    assertThat(judge(seen(BODY_STALLS, true, Met.BY_ALL, done, List.of())).has(Fault.WRONG_ANSWER))
        .isTrue();
  }

  @Test
  void progressOnKeepAlivesIsNoted() {
    OneRun eager = run(Freed.BY_CLOSE, 10, false);
    ShapeReport report = judge(seen(KEEP_ALIVES_FOR_EVER, true, Met.BY_ALL, eager, List.of()));

    assertThat(report.passed()).isTrue();
    assertThat(report.notes()).singleElement().asString().contains("idleTimeout", "content only");
  }

  @Test
  void anAllowanceThatIsNotNeededIsNoted() {
    Judge judge = new Judge(SETTINGS, Set.of(BODY_STALLS));
    ShapeReport report = judge.judge(seen(BODY_STALLS, true, Met.BY_ALL, FREED, List.of()));

    assertThat(report.passed()).isTrue();
    assertThat(report.notes()).singleElement().asString().contains("the allowance can go");
  }

  private static ShapeReport judge(Observed seen) {
    return new Judge(SETTINGS, Set.of()).judge(seen);
  }

  private static OneRun run(Freed freed, int progress, boolean saidDone) {
    return new OneRun(
        "a",
        freed,
        List.of(),
        List.of(),
        1,
        progress,
        saidDone,
        freed == Freed.BY_ITSELF ? null : "timeout");
  }

  private static Observed seen(
      HangShape shape, boolean slotsFree, Met met, OneRun run, List<String> unfinished) {
    return new Observed(
        shape,
        slotsFree,
        Duration.ofSeconds(1),
        met,
        List.of(run),
        OptionalInt.of(1),
        unfinished,
        List.of(),
        0,
        "");
  }
}
