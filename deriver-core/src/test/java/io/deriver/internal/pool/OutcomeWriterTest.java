package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.StoreException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariants 3 and 4, the writing side: nothing that failed to be written is dropped in silence.
 */
class OutcomeWriterTest {

  private final WriterBench bench = new WriterBench();
  private final TestClock clock = bench.clock;
  private final FakeStore store = bench.store;
  private final Outcomes outcomes = bench.outcomes;
  private final OutcomeWriter writer = bench.writer;

  @AfterEach
  void stop() throws InterruptedException {
    bench.stop();
  }

  private <E extends PoolEvent> E told(Class<E> kind) throws InterruptedException {
    assertThat(bench.told(PoolEvent.class))
        .filteredOn(event -> !(event instanceof PoolEvent.KeyDrained))
        .hasSize(1);
    return bench.told(kind).get(0);
  }

  @Test
  void aWriteThatFailsIsTriedAgain() throws Exception {
    bench.ended("a");
    store.onWrite = OutcomeWriterTest::down;
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(writer::run).isInstanceOf(StoreException.class);
      assertThat(outcomes.unwritten()).isEqualTo(1);
    }
    store.onWrite = () -> {};
    writer.run();
    assertThat(store.written).hasSize(1);
    assertThat(outcomes.unwritten()).isZero();
    assertThat(told(PoolEvent.UnitCompleted.class).claim().key()).isEqualTo("a");
  }

  @Test
  void aLostAnswerToAWriteThatTookEffectIsUnknownNotRefused() throws Exception {
    bench.ended("a");
    store.afterWrite = OutcomeWriterTest::down;
    assertThatThrownBy(writer::run).isInstanceOf(StoreException.class);
    store.afterWrite = () -> {};
    writer.run();
    assertThat(store.written).as("took effect once").hasSize(1);
    assertThat(told(PoolEvent.WriteUnknown.class).write()).isEqualTo("Completed");
  }

  @Test
  void aWriteOfALostClaimIsRefusedAndTold() throws Exception {
    bench.ended("a");
    store.steal("a");
    writer.run();
    assertThat(store.written).isEmpty();
    assertThat(outcomes.unwritten()).isZero();
    assertThat(told(PoolEvent.WriteRefused.class).claim().key()).isEqualTo("a");
  }

  @Test
  void itIsGivenUpOnlyWhenTheClaimCanNoLongerBeOurs() throws Exception {
    bench.ended("a");
    store.onWrite = OutcomeWriterTest::down;
    clock.advance(WriterBench.TIMEOUT.plus(WriterBench.GRACE).minusNanos(1));
    assertThatThrownBy(writer::run).isInstanceOf(StoreException.class);
    assertThat(outcomes.unwritten()).isEqualTo(1);
    clock.advance(Duration.ofNanos(1));
    assertThatThrownBy(writer::run).isInstanceOf(StoreException.class);
    assertThat(outcomes.unwritten()).isZero();
    assertThat(told(PoolEvent.WriteGivenUp.class).error()).contains("down");
  }

  private static void down() {
    throw new StoreException("down", null);
  }
}
