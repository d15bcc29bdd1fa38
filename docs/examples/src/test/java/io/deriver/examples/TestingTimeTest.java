package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.testkit.pool.EnqueuedItems;
import io.deriver.testkit.pool.PoolTester;
import io.deriver.testkit.pool.PoolTime;
import io.deriver.testkit.pool.TestRun;
import io.deriver.testkit.pool.TestUnits;
import io.deriver.testkit.pool.UnitEnd;
import io.deriver.testkit.pool.UnitEnds;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the samples about time in tests do what their page says. */
@Timeout(120)
class TestingTimeTest {

  private static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  /** A processor as a host writes one. */
  private static final class Summaries implements Processor<String> {

    private final Llm llm;

    Summaries(Llm llm) {
      this.llm = llm;
    }

    @Override
    public Outcome process(WorkUnit<String> unit, RunContext run) throws Exception {
      RunContext.Registration call = run.onCancel(llm::cancel);
      try {
        String text = llm.complete(unit.payloads().toString(), run);
        return text.isEmpty()
            ? Outcome.retryAfter(Duration.ofMinutes(1), "empty answer")
            : Outcome.done();
      } finally {
        call.close();
      }
    }
  }

  /** What it calls. */
  @FunctionalInterface
  interface Llm {
    String complete(String prompt, RunContext run) throws Exception;

    default void cancel() {}
  }

  /** Host code that enqueues. */
  private record Intake(Consumer<Item<?>> enqueue) {
    void receive(String conversation, String message) {
      enqueue.accept(Item.of(SUMMARY, conversation, message));
    }
  }

  @Test
  void aProcessorAlone() throws Exception {
    // docs:start test-processor
    Summaries summaries = new Summaries((prompt, r) -> r.attempt() == 1 ? "" : "a summary");
    WorkUnit<String> unit = TestUnits.of(SUMMARY, "conversation:1", "hello", "are you there?");

    assertThat(summaries.process(unit, new TestRun()))
        .isEqualTo(Outcome.retryAfter(Duration.ofMinutes(1), "empty answer"));

    TestRun second = new TestRun().attempt(2).timeRemaining(Duration.ofSeconds(5));
    assertThat(summaries.process(unit, second)).isEqualTo(Outcome.done());
    assertThat(second.registered()).isZero(); // what it registered, it took back
    // docs:end
  }

  @Test
  void aPoolOnManualTime() throws Exception {
    Summaries summaries = new Summaries((prompt, run) -> run.attempt() == 1 ? "" : "a summary");
    // docs:start test-pool
    try (PoolTester tester =
        PoolTester.with(
            pool -> pool.slots(2).processor(SUMMARY, summaries, limits -> limits.maxAttempts(3)))) {
      tester.enqueue(Item.of(SUMMARY, "conversation:1", "hello"));
      tester.drain(); // lets time pass until nothing is pending

      assertThat(tester.unit(SUMMARY, "conversation:1"))
          .completed()
          .tookAttempts(2)
          .endedAt(Duration.ofMinutes(1)); // the empty answer rests for a minute
      assertThat(tester).hasNoDeadLetters();
    }
    // docs:end
  }

  @Test
  void aRunThatHangs() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Summaries summaries =
        new Summaries(
            (prompt, run) -> {
              if (prompt.contains("hang")) {
                never.await();
              }
              return "a summary";
            });
    // docs:start test-hang
    try (PoolTester tester =
        PoolTester.with(
            pool ->
                pool.slots(2)
                    .processor(
                        SUMMARY,
                        summaries,
                        limits -> limits.timeout(Duration.ofMinutes(10)).maxAttempts(2)))) {
      tester.hangs(SUMMARY, "conversation:1"); // time may pass over its runs
      tester.enqueue(Item.of(SUMMARY, "conversation:1", "hang"));
      tester.enqueue(Item.of(SUMMARY, "conversation:2", "hello"));

      tester.advance(Duration.ofMinutes(10));
      assertThat(tester.unit(SUMMARY, "conversation:1")).retried().hasCause("timeout");
      assertThat(tester.unit(SUMMARY, "conversation:2")).completed().endedAt(Duration.ZERO);

      tester.drain();
      assertThat(tester)
          .deadLetter(SUMMARY, "conversation:1")
          .tookAttempts(2)
          .hasCause("timeout")
          .errorContains("timeout of PT10M");
    }
    // docs:end
  }

  @Test
  void aCallThatTakesItsTime() throws Exception {
    // docs:start test-slow
    PoolTime time = new PoolTime();
    Summaries slow =
        new Summaries(
            (prompt, run) -> {
              time.workFor(run, Duration.ofSeconds(40)); // of the pool's time, not of yours
              return "a summary";
            });
    try (PoolTester tester =
        PoolTester.with(time, pool -> pool.slots(1).processor(SUMMARY, slow))) {
      tester.enqueue(Item.of(SUMMARY, "conversation:1", "hello"));
      tester.enqueue(Item.of(SUMMARY, "conversation:2", "hello"));
      tester.drain();
      assertThat(tester.unit(SUMMARY, "conversation:2")).endedAt(Duration.ofSeconds(80));
    }
    // docs:end
  }

  @Test
  void whatIsEnqueued() throws Exception {
    // docs:start test-enqueued
    EnqueuedItems enqueued = new EnqueuedItems();
    new Intake(enqueued).receive("conversation:1", "hello");
    assertThat(enqueued.of(SUMMARY)).containsExactly(Item.of(SUMMARY, "conversation:1", "hello"));
    // docs:end
    Processor<String> done = (unit, run) -> Outcome.done();
    // docs:start test-enqueued-pool
    try (PoolTester tester = PoolTester.with(pool -> pool.processor(SUMMARY, done))) {
      new Intake(tester::enqueue).receive("conversation:1", "hello");
      tester.drain();
      assertThat(tester).enqueued(SUMMARY).hasSize(1);
      assertThat(tester.unit(SUMMARY, "conversation:1")).completed();
    }
    // docs:end
  }

  @Test
  void theEndOfAUnitOnPostgres() throws Exception {
    try (Database database = new Database()) {
      PostgresQueue queue = PostgresQueue.builder(database.dataSource()).installSchema().build();
      Pool.Builder builder =
          Pool.builder(queue.store())
              .processor(SUMMARY, new Summaries((prompt, run) -> "a summary"));
      // docs:start test-postgres
      UnitEnds ends = new UnitEnds();
      try (Pool pool = builder.listener(ends).start()) {
        queue.enqueue(Item.of(SUMMARY, "conversation:1", "hello"));
        UnitEnd end = ends.await(SUMMARY, "conversation:1", Duration.ofSeconds(30));
        assertThat(end.kind()).isEqualTo(UnitEnd.Kind.COMPLETED);
        assertThat(pool.health().abandoned()).isEmpty();
      }
      // docs:end
    }
  }
}
