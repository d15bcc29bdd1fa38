package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariants 3 and 4: what each answer of the store, and each lack of one, means for an outcome.
 */
class WriteAnswersTest {

  private final WriterBench bench = new WriterBench();
  private final TestClock clock = bench.clock;
  private final FakeStore store = bench.store;
  private final Outcomes outcomes = bench.outcomes;
  private final OutcomeWriter writer = bench.writer;

  @AfterEach
  void stop() throws InterruptedException {
    bench.stop();
  }

  private List<String> written() {
    return store.written.stream().map(write -> write.claim().key()).toList();
  }

  @Test
  void whatTheStoreCannotTellIsAskedAgainShortlyAndTheOthersAreSettled() throws Exception {
    bench.ended("a", "b", "c");
    store.locked.add("b");
    assertThat(writer.run()).as("until it asks again").isEqualTo(Duration.ofMillis(100));
    assertThat(written()).containsExactly("a", "c");
    assertThat(outcomes.unwritten()).as("b").isEqualTo(1);
    assertThat(bench.woken).as("a and c may have more items").hasValue(1);

    store.locked.clear();
    assertThat(writer.run()).as("whether there is more").isEqualTo(Duration.ZERO);
    assertThat(written()).containsExactly("a", "c", "b");
    assertThat(outcomes.unwritten()).isZero();
    assertThat(writer.run()).isEqualTo(Duty.UNTIL_WOKEN);
    assertThat(bench.told(PoolEvent.UnitCompleted.class))
        .extracting(event -> event.claim().key())
        .containsExactly("a", "c", "b");
  }

  @Test
  void whatCouldNotBeToldAndThenIsGoneWasRefused() throws Exception {
    bench.ended("a");
    store.locked.add("a");
    writer.run();
    store.locked.clear();
    store.steal("a");
    writer.run();
    assertThat(bench.told(PoolEvent.WriteRefused.class)).hasSize(1);
    assertThat(bench.told(PoolEvent.WriteUnknown.class)).isEmpty();
  }

  @Test
  void whatWasLostAndThenIsGoneIsUnknown() throws Exception {
    bench.ended("a");
    store.answers = sound -> List.of(WriteAnswer.LOST);
    writer.run();
    assertThat(outcomes.unwritten()).isEqualTo(1);
    store.answers = sound -> sound;
    writer.run();
    assertThat(outcomes.unwritten()).isZero();
    assertThat(bench.told(PoolEvent.WriteUnknown.class)).hasSize(1);
    assertThat(bench.told(PoolEvent.WriteRefused.class)).isEmpty();
  }

  @Test
  void whatTheStoreCanNeverTellIsGivenUpWhenTheClaimCanNoLongerBeOurs() throws Exception {
    bench.ended("a");
    store.locked.add("a");
    clock.advance(WriterBench.TIMEOUT.plus(WriterBench.GRACE).minusNanos(1));
    writer.run();
    assertThat(outcomes.unwritten()).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    assertThat(writer.run()).as("nothing to ask again").isEqualTo(Duration.ZERO);
    assertThat(outcomes.unwritten()).isZero();
    assertThat(bench.told(PoolEvent.WriteGivenUp.class))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.claim().key()).isEqualTo("a");
              assertThat(event.write()).isEqualTo("Completed");
              assertThat(event.error()).contains("could not tell");
            });
  }

  @Test
  void answersThatFitNoWriteSettleNone() throws Exception {
    bench.ended("a", "b");
    for (List<WriteAnswer> unreadable :
        List.of(
            List.of(WriteAnswer.REFUSED),
            List.of(WriteAnswer.REFUSED, WriteAnswer.REFUSED, WriteAnswer.REFUSED),
            Collections.<WriteAnswer>nCopies(2, null))) {
      store.answers = sound -> unreadable;
      assertThatThrownBy(writer::run).isInstanceOf(RuntimeException.class);
      assertThat(outcomes.unwritten()).isEqualTo(2);
    }
    clock.advance(WriterBench.TIMEOUT.plus(WriterBench.GRACE));
    assertThatThrownBy(writer::run).isInstanceOf(RuntimeException.class);
    assertThat(outcomes.unwritten()).as("given up like any other").isZero();
    assertThat(bench.told(PoolEvent.WriteGivenUp.class)).hasSize(2);
    assertThat(bench.told(PoolEvent.WriteRefused.class)).isEmpty();
  }

  @Test
  void whatFailedGoesFirstAndNoBatchIsLargerThanTwoHundred() {
    String[] keys = new String[250];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = "key" + i;
    }
    bench.ended(keys);
    store.onWrite =
        () -> {
          throw new StoreException("down", null);
        };
    assertThatThrownBy(writer::run).isInstanceOf(StoreException.class);
    store.onWrite = () -> {};
    writer.run();
    assertThat(written()).containsExactly(Arrays.copyOf(keys, 200));
    writer.run();
    assertThat(written()).containsExactly(keys);
  }
}
