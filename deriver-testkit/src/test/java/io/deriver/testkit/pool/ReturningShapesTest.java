package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.Processor;
import io.deriver.testkit.PlainClient;
import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.HangingLlm;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import io.deriver.testkit.llm.ThreadHang;
import io.deriver.testkit.store.ErrorEntry;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What becomes of calls that go wrong and return. An Error is a failure like any other. Half an
 * answer that is taken for a whole one, and a thread that is left at work, are the processor's
 * faults: the pool is told that all is done, and cannot know better.
 */
@Timeout(60)
class ReturningShapesTest {

  private static final ItemType<String> TYPE = ItemType.of("returning", String.class);
  private static final String KEY = "key";

  private final InMemoryWorkStore store = new InMemoryWorkStore();
  private final FakeLlmServer server =
      new FakeLlmServer().otherwise(Reply.hang(ServerHang.STREAM_TRUNCATED)).start();
  private final HangingLlm llm = new HangingLlm();
  private final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    server.close();
    llm.close();
  }

  @Test
  void halfAnAnswerThatIsTakenForAWholeOneIsDoneAsFarAsThePoolCanKnow() {
    try (Pool pool = pool((unit, run) -> readStream(false))) {
      HungPool.until(() -> happened(PoolEvent.UnitCompleted.class));

      assertThat(store.counts().pendingItems()).isZero();
      assertThat(pool.health().abandoned()).isEmpty();
    }
  }

  @Test
  void halfAnAnswerWhoseMissingEndIsNoticedIsAFailureThatIsTriedAgain() {
    try (Pool pool = pool((unit, run) -> readStream(true))) {
      HungPool.until(() -> happened(PoolEvent.UnitRetried.class));

      assertThat(errors())
          .singleElement()
          .satisfies(
              error -> {
                assertThat(error.cause()).isEqualTo("failure");
                assertThat(error.error()).contains("without its end marker");
              });
      assertThat(store.counts().pendingItems()).isEqualTo(1);
      assertThat(pool.health().live()).isZero();
    }
  }

  private Outcome readStream(boolean careful) throws IOException {
    try (PlainClient client = new PlainClient(server.baseUrl())) {
      client.connect();
      PlainClient.Streamed streamed = client.stream("any", () -> {});
      if (careful && !streamed.complete()) {
        throw new IOException("the stream ended without its end marker");
      }
      return Outcome.done();
    }
  }

  @Test
  void aThreadThatIsLeftAtWorkIsNeitherSeenNorEndedByThePool() throws Exception {
    llm.when(prompt -> true, ThreadHang.CHILD_LEFT);
    try (Pool pool = pool((unit, run) -> callLlm())) {
      HungPool.until(() -> happened(PoolEvent.UnitCompleted.class));

      assertThat(llm.awaitHeld(1, Duration.ofSeconds(20))).isTrue();
      assertThat(pool.health().live()).isZero();
      assertThat(pool.health().abandoned()).isEmpty();
    }
    assertThat(llm.held()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"STACK_OVERFLOW", "OUT_OF_MEMORY"})
  void anErrorIsAFailureThatIsTriedAgain(ThreadHang shape) {
    llm.when(prompt -> true, shape);
    try (Pool pool = pool((unit, run) -> callLlm())) {
      HungPool.until(() -> happened(PoolEvent.UnitRetried.class));

      assertThat(errors()).singleElement().satisfies(error -> isFailure(error, "Error"));
      HungPool.until(() -> pool.health().live() == 0);
      assertThat(pool.health().abandoned()).isEmpty();
    }
  }

  @Test
  void aMissingClassIsAFailureThatNoAttemptMends() {
    llm.when(prompt -> true, ThreadHang.LINKAGE);
    try (Pool pool = pool((unit, run) -> callLlm())) {
      HungPool.until(() -> happened(PoolEvent.UnitDeadLettered.class));

      assertThat(store.deadLetters())
          .singleElement()
          .satisfies(
              letter ->
                  assertThat(letter.errors())
                      .singleElement()
                      .satisfies(error -> isFailure(error, "NoClassDefFoundError")));
      HungPool.until(() -> pool.health().live() == 0);
      assertThat(pool.health().abandoned()).isEmpty();
    }
  }

  private Outcome callLlm() throws InterruptedException {
    llm.complete("any");
    return Outcome.done();
  }

  private static void isFailure(ErrorEntry error, String text) {
    assertThat(error.cause()).isEqualTo("failure");
    assertThat(error.error()).contains(text);
  }

  private Pool pool(Processor<String> processor) {
    store.enqueue(Item.of(TYPE, KEY, "any"));
    return Pool.builder(store)
        .name("returning-shapes")
        .processor(TYPE, processor)
        .pollInterval(Duration.ofMillis(5), Duration.ofMillis(50))
        .closeTimeout(Duration.ZERO)
        .listener(events::add)
        .start();
  }

  private boolean happened(Class<? extends PoolEvent> kind) {
    return events.stream().anyMatch(kind::isInstance);
  }

  private List<ErrorEntry> errors() {
    return store.errors(TYPE.name(), KEY);
  }
}
