package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunCancelledException;
import io.deriver.RunContext.Registration;
import io.deriver.WorkUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Guards that a processor meets in a unit test what it meets on a pool. */
class TestRunTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  private final TestRun run = new TestRun();
  private final List<String> closed = new ArrayList<>();

  @Test
  void aProcessorSeesItsUnitAndItsRun() throws Exception {
    Processor<String> processor =
        (unit, context) -> {
          context.progress();
          return Outcome.retryAfter(
              context.timeRemaining(), unit.payloads() + " " + context.attempt() + context.fence());
        };
    Outcome outcome =
        processor.process(
            TestUnits.of(SUMMARY, "a", "one", "two"),
            run.attempt(2).fence(7).timeRemaining(Duration.ofSeconds(5)));
    assertThat(outcome).isEqualTo(Outcome.retryAfter(Duration.ofSeconds(5), "[one, two] 27"));
    assertThat(run.progressedAt()).containsExactly(Duration.ZERO);
  }

  @Test
  void cancelClosesWhatIsRegisteredNewestFirstAndOnce() {
    Registration first = run.onCancel(() -> closed.add("first"));
    Registration second = run.onCancel(() -> closed.add("second"));
    Registration third =
        run.onCancel(
            () -> {
              closed.add("third");
              throw new IllegalStateException("broken");
            });
    second.close();
    assertThat(run.registered()).isEqualTo(2);
    assertThat(run.isCancelled()).isFalse();
    run.throwIfCancelled();

    run.cancel();
    run.cancel();

    assertThat(closed).containsExactly("third", "first");
    assertThat(run.isCancelled()).isTrue();
    assertThat(run.timeRemaining()).isZero();
    assertThat(run.registered()).isZero();
    assertThatThrownBy(run::throwIfCancelled).isInstanceOf(RunCancelledException.class);
    run.onCancel(() -> closed.add("late")).close();
    assertThat(closed).containsExactly("third", "first", "late");
    first.close();
    third.close();
  }

  @Test
  void timeThatElapsesCancelsItInTheEnd() {
    Registration unused = run.onCancel(() -> closed.add("closed"));
    run.timeRemaining(Duration.ofSeconds(3));
    run.elapse(Duration.ofSeconds(2));
    run.progress();
    assertThat(run.timeRemaining()).isEqualTo(Duration.ofSeconds(1));
    assertThat(run.isCancelled()).isFalse();
    run.elapse(Duration.ofSeconds(1));
    assertThat(run.isCancelled()).isTrue();
    assertThat(closed).containsExactly("closed");
    assertThat(run.progressedAt()).containsExactly(Duration.ofSeconds(2));
    unused.close();
  }

  @Test
  void unitsHoldWhatTheyAreGiven() {
    WorkUnit<String> unit = TestUnits.of(SUMMARY, "a", "one", "two");
    assertThat(unit.payloads()).containsExactly("one", "two");
    assertThat(unit.items()).extracting(item -> item.id()).containsExactly(1L, 2L);
    assertThat(TestUnits.ofItems(SUMMARY, "a", unit.items())).isEqualTo(unit);
    assertThatThrownBy(() -> TestUnits.of(SUMMARY, "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("items is empty");
    assertThatThrownBy(() -> TestUnits.of(SUMMARY, " ", "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> run.attempt(0)).hasMessageContaining("attempt is 0");
    assertThatThrownBy(() -> run.fence(0)).hasMessageContaining("fence is 0");
  }
}
