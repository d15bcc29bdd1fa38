package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.ClaimEnd;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards that a gate is asked before each call and told once of each that it let in. */
@Timeout(60)
class GateTest {

  private final FakeGate gate = new FakeGate();
  private final CompletableFuture<Outcome> never = new CompletableFuture<>();

  private PoolFixture.Builder with(Processor<String> processor) {
    return PoolFixture.with(processor).limits(l -> l.gate(gate));
  }

  @Test
  void whoWasLetInIsToldOfOnceWhenTheProcessorIsBack() {
    try (PoolFixture fixture =
        with((unit, run) ->
                switch (unit.key()) {
                  case "again" -> Outcome.retryAfter(Duration.ofHours(1), "later");
                  case "back" -> Outcome.release(Duration.ofHours(1), "later");
                  case "broken" -> throw new IllegalStateException("no");
                  default -> Outcome.done();
                })
            .settings(p -> p.slots(1))
            .content(s -> s.put("good", "").put("again", "").put("back", "").put("broken", ""))
            .start()) {
      PoolFixture.until(() -> fixture.store.written.size() == 4);
      assertThat(gate.asked).hasValue(4);
      assertThat(gate.exits)
          .containsExactly("DONE null", "FAILED null", "FAILED null", "FAILED no");
    }
  }

  @Test
  void aCallThatHangsLeavesByForceAndNotOnceMoreWhenItIsBack() {
    try (PoolFixture fixture =
        with((unit, run) -> never.join())
            .limits(l -> l.gate(gate).timeout(Duration.ofMillis(100)))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !gate.exits.isEmpty());
      never.complete(Outcome.done());
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
      assertThat(gate.exits).containsExactly("ENDED_BY_FORCE null");
    }
  }

  @Test
  void aStageLeavesWhenItIsComplete() {
    CompletableFuture<Outcome> stage = new CompletableFuture<>();
    try (PoolFixture fixture =
        PoolFixture.withAsync((unit, run) -> stage)
            .limits(l -> l.gate(gate))
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> gate.asked.get() == 1);
      assertThat(gate.exits).isEmpty();
      stage.complete(Outcome.done());
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(gate.exits).containsExactly("DONE null");
    }
  }

  @Test
  void whatIsTurnedAwayGoesBackUncountedAndTheTypeIsPaused() {
    TestClock clock = new TestClock();
    gate.answer = () -> Duration.ofMinutes(3);
    AtomicInteger calls = new AtomicInteger();
    try (PoolFixture fixture =
        with((unit, run) -> {
              calls.incrementAndGet();
              return Outcome.done();
            })
            .settings(p -> p.slots(4))
            .clock(clock)
            .content(s -> s.put("a", "").put("b", "").put("c", ""))
            .start()) {
      PoolFixture.until(
          () -> {
            clock.advance(Duration.ofMillis(10));
            return fixture.store.written.size() == 3;
          });
      assertThat(fixture.store.endsOf("a")).containsExactly(new ClaimEnd.Released(Duration.ZERO));
      assertThat(fixture.events(PoolEvent.RunStarted.class)).as("none called").isEmpty();
      assertThat(fixture.pool.health().reasons())
          .singleElement()
          .asString()
          .matches("type test is paused for another PT(3M|2M5.*S): its gate is closed");

      fixture.store.ready();
      clock.advance(Duration.ofMinutes(3));
      PoolFixture.until(
          () -> {
            // A duty that was in a pass just now rests from here on.
            clock.advance(Duration.ofMillis(10));
            return fixture.store.written.size() == 4;
          });
      assertThat(gate.asked).as("one alone after the pause").hasValue(4);

      gate.answer = () -> Duration.ZERO;
      fixture.store.ready();
      clock.advance(Duration.ofMinutes(3));
      PoolFixture.until(
          () -> {
            clock.advance(Duration.ofMillis(10));
            // To the end: closing waits for what is unwritten, on a clock that nobody moves then.
            return calls.get() == 3 && fixture.store.isEmpty();
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"throws", "null", "negative", "days"})
  void aGateThatIsBrokenPausesItsTypeAndIsNamed(String how) {
    gate.answer =
        () ->
            switch (how) {
              case "throws" -> throw new IllegalStateException("out of order");
              case "null" -> null;
              case "negative" -> Duration.ofMillis(-1);
              default -> Duration.ofDays(1).plusMillis(1);
            };
    try (PoolFixture fixture =
        with((unit, run) -> Outcome.done()).content(s -> s.put("a", "")).start()) {
      PoolFixture.until(() -> !fixture.events(PoolEvent.TypePaused.class).isEmpty());
      PoolFixture.until(() -> fixture.store.written.size() == 1);
      assertThat(fixture.store.endsOf("a")).containsExactly(new ClaimEnd.Released(Duration.ZERO));
      PoolEvent.TypePaused paused = fixture.events(PoolEvent.TypePaused.class).get(0);
      assertThat(paused.pause()).isEqualTo(Duration.ofSeconds(10));
      assertThat(paused.reason())
          .isEqualTo(
              switch (how) {
                case "throws" -> "its gate failed: java.lang.IllegalStateException: out of order";
                case "null" -> "its gate answered null; it must answer between PT0S and PT24H";
                case "negative" ->
                    "its gate answered PT-0.001S; it must answer between PT0S and PT24H";
                default -> "its gate answered PT24H0.001S; it must answer between PT0S and PT24H";
              });
      assertThat(gate.exits).isEmpty();
    }
  }

  @Test
  void aGateThatFailsToBeToldChangesNothing() {
    gate.broken = true;
    try (PoolFixture fixture =
        with((unit, run) -> Outcome.done()).content(s -> s.put("a", "")).start()) {
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(gate.exits).containsExactly("DONE null");
    }
  }

  private static final class FakeGate implements Gate {
    private final AtomicInteger asked = new AtomicInteger();
    private final List<String> exits = new CopyOnWriteArrayList<>();
    private volatile Supplier<@Nullable Duration> answer = () -> Duration.ZERO;
    private volatile boolean broken;

    @Override
    @SuppressWarnings("NullAway") // a host may answer null, and is told so
    public Duration enter() {
      asked.incrementAndGet();
      return answer.get();
    }

    @Override
    public void left(Exit how, Duration took, @Nullable Throwable error) {
      exits.add(how + " " + (error == null ? null : error.getMessage()));
      if (broken) {
        throw new IllegalStateException("not told");
      }
    }
  }
}
