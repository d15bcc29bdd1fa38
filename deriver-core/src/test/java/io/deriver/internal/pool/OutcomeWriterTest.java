package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Invariants 3 and 4, the writing side: nothing that failed to be written is dropped in silence.
 */
class OutcomeWriterTest {

  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));
  private final Outcomes outcomes = new Outcomes(GRACE, () -> {});
  private final OutcomeWriter writer = new OutcomeWriter(outcomes, store, clock, events, () -> {});
  private final Endings endings =
      new Endings(
          clock,
          text -> text,
          Duration.ofSeconds(1),
          TestRuns.pauses(clock),
          TestRuns.breakers(clock));

  @BeforeEach
  void start() {
    events.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
  }

  private Run ended(String key) {
    store.put(key, "payload");
    ClaimBatch batch =
        store.claim(
            new ClaimRequest(
                List.of(new ClaimRequest.TypeTerms("test", TIMEOUT, 1, 1, 5)), 10, 1, 1));
    Run run = TestRuns.of(clock, batch.claims().get(0));
    outcomes.owe(run);
    outcomes.submit(run, endings.completed(run));
    return run;
  }

  private <E extends PoolEvent> E told(Class<E> kind) throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
    assertThat(told).filteredOn(event -> !(event instanceof PoolEvent.KeyDrained)).hasSize(1);
    return kind.cast(told.get(0));
  }

  @Test
  void aWriteThatFailsIsTriedAgain() throws Exception {
    ended("a");
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
    ended("a");
    store.afterWrite = OutcomeWriterTest::down;
    assertThatThrownBy(writer::run).isInstanceOf(StoreException.class);
    store.afterWrite = () -> {};
    writer.run();
    assertThat(store.written).as("took effect once").hasSize(1);
    assertThat(told(PoolEvent.WriteUnknown.class).write()).isEqualTo("Completed");
  }

  @Test
  void aWriteOfALostClaimIsRefusedAndTold() throws Exception {
    ended("a");
    store.steal("a");
    writer.run();
    assertThat(store.written).isEmpty();
    assertThat(outcomes.unwritten()).isZero();
    assertThat(told(PoolEvent.WriteRefused.class).claim().key()).isEqualTo("a");
  }

  @Test
  void itIsGivenUpOnlyWhenTheClaimCanNoLongerBeOurs() throws Exception {
    ended("a");
    store.onWrite = OutcomeWriterTest::down;
    clock.advance(TIMEOUT.plus(GRACE).minusNanos(1));
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
