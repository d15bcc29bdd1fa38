package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.FailurePolicy.Verdict;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Invariants 4 and 6, the pool's side: what each way to end a run makes of its claim. */
class OutcomeTest {

  private static final Consumer<Limits.Builder> QUICK =
      l -> l.backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(1)));

  private static List<ClaimEnd> ends(
      Processor<String> processor, Consumer<Limits.Builder> limits, String payload) {
    try (PoolFixture fixture =
        PoolFixture.with(processor).limits(limits).content(s -> s.put("k", payload)).start()) {
      PoolFixture.until(
          () -> {
            fixture.store.ready();
            return fixture.store.isEmpty() || fixture.store.written.size() >= 10;
          });
      return fixture.store.endsOf("k");
    }
  }

  private static ClaimEnd first(Processor<String> processor) {
    return ends(processor, QUICK, "payload").get(0);
  }

  @Test
  void doneCompletes() {
    assertThat(first((unit, run) -> Outcome.done())).isEqualTo(new ClaimEnd.Completed());
    assertThat(first((unit, run) -> Outcome.discard("old")))
        .isEqualTo(new ClaimEnd.Completed(true));
  }

  @Test
  void failuresAreTriedAgainUntilTheAttemptsAreUsedUp() {
    List<ClaimEnd> ends =
        ends(
            (unit, run) -> {
              throw new IllegalStateException("attempt " + run.attempt());
            },
            QUICK.andThen(l -> l.maxAttempts(3)),
            "payload");
    assertThat(ends).hasSize(3);
    assertThat(ends.get(0))
        .isInstanceOfSatisfying(
            ClaimEnd.Retried.class,
            end -> {
              assertThat(end.cause()).isEqualTo(Cause.FAILURE);
              assertThat(end.delay()).isBetween(Duration.ofNanos(500_000), Duration.ofMillis(1));
              assertThat(end.error()).contains("attempt 1").contains("OutcomeTest");
            });
    assertThat(ends.get(2))
        .isInstanceOfSatisfying(
            ClaimEnd.DeadLettered.class, end -> assertThat(end.error()).contains("attempt 3"));
  }

  @Test
  void nullIsAFailure() {
    assertThat(first(OutcomeTest::returnNull))
        .isInstanceOfSatisfying(
            ClaimEnd.Retried.class, end -> assertThat(end.error()).contains("returned null"));
  }

  @SuppressWarnings("NullAway")
  private static Outcome returnNull(WorkUnit<String> unit, RunContext run) {
    return null;
  }

  @Test
  void anErrorIsAFailureAndALinkageErrorAPermanentOne() {
    assertThat(
            first(
                (unit, run) -> {
                  throw new StackOverflowError();
                }))
        .isInstanceOf(ClaimEnd.Retried.class);
    assertThat(
            first(
                (unit, run) -> {
                  throw new NoClassDefFoundError("gone");
                }))
        .isInstanceOf(ClaimEnd.DeadLettered.class);
    assertThat(
            first(
                (unit, run) -> {
                  throw new PermanentFailureException("400");
                }))
        .isInstanceOf(ClaimEnd.DeadLettered.class);
  }

  @Test
  void releaseAndTheVerdictReleaseDoNotCount() {
    assertThat(first((unit, run) -> Outcome.release(Duration.ofSeconds(3), "provider down")))
        .isEqualTo(new ClaimEnd.Released(Duration.ofSeconds(3)));
    assertThat(
            ends(
                    (unit, run) -> {
                      throw new IllegalStateException();
                    },
                    QUICK.andThen(l -> l.failurePolicy((error, attempt) -> Verdict.RELEASE)),
                    "payload")
                .get(0))
        .isInstanceOf(ClaimEnd.Released.class);
  }

  @Test
  void retryAfterKeepsItsDelayAndReason() {
    assertThat(first((unit, run) -> Outcome.retryAfter(Duration.ofMinutes(7), "busy")))
        .isEqualTo(new ClaimEnd.Retried(Duration.ofMinutes(7), Cause.FAILURE, "busy"));
  }

  @Test
  void aPolicyThatThrowsMeansRetry() {
    assertThat(
            ends(
                    (unit, run) -> {
                      throw new IllegalStateException("original");
                    },
                    QUICK.andThen(
                        l ->
                            l.failurePolicy(
                                (error, attempt) -> {
                                  throw new IllegalArgumentException("policy");
                                })),
                    "payload")
                .get(0))
        .isInstanceOfSatisfying(
            ClaimEnd.Retried.class, end -> assertThat(end.error()).contains("original"));
  }

  @Test
  void whatCannotBeDecodedIsSetAsideWithoutCallingTheProcessor() {
    List<ClaimEnd> ends =
        ends(
            (unit, run) -> {
              throw new AssertionError("called");
            },
            QUICK,
            "undecodable");
    assertThat(ends)
        .singleElement()
        .isInstanceOfSatisfying(
            ClaimEnd.Split.class,
            end ->
                assertThat(end.dead().values()).singleElement().asString().contains("no String"));
  }

  @Test
  void perItemSplitsAndRefusesForeignItems() {
    assertThat(
            first(
                (unit, run) ->
                    Outcome.perItem(
                        Map.of(unit.items().get(0).id(), ItemOutcome.deadLetter("bad")))))
        .isEqualTo(new ClaimEnd.Split(Set.of(), Map.of(1L, "bad")));
    assertThat(first((unit, run) -> Outcome.perItem(Map.of(999L, ItemOutcome.done()))))
        .isInstanceOfSatisfying(
            ClaimEnd.Retried.class, end -> assertThat(end.error()).contains("999"));
  }

  @Test
  void nulCharactersNeverReachTheStoreAndErrorsAreCut() {
    assertThat(
            first(
                (unit, run) -> {
                  throw new IllegalStateException("a\0b" + "x".repeat(100_000));
                }))
        .isInstanceOfSatisfying(
            ClaimEnd.Retried.class,
            end -> assertThat(end.error()).doesNotContain("\0").hasSizeLessThanOrEqualTo(8_000));
  }

  @Test
  void theRedactorSeesEveryErrorAndItsFailureLeaksNothing() {
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  throw new IllegalStateException("secret " + unit.key());
                })
            .settings(
                p ->
                    p.redactor(
                        text -> {
                          if (text.contains("worse")) {
                            throw new IllegalStateException(text);
                          }
                          return text.replace("secret", "***");
                        }))
            .content(s -> s.put("k", "").put("worse", ""))
            .start()) {
      PoolFixture.until(() -> fixture.store.written.size() == 2);
      assertThat(fixture.store.written)
          .allSatisfy(write -> assertThat(write.toString()).doesNotContain("secret"));
      assertThat(fixture.store.endsOf("k").toString()).contains("*** k");
    }
  }
}
