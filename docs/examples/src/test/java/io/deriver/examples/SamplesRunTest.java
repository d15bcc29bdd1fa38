package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import io.deriver.DrainReport;
import io.deriver.Item;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.Processor;
import io.deriver.WorkUnit;
import io.deriver.examples.Samples.HttpStatusException;
import io.deriver.examples.Samples.StreamingCall;
import io.deriver.jdbc.KeyView;
import io.deriver.jdbc.PostgresQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Guards that the smaller samples of the documentation do what the pages say, on a real Postgres.
 */
class SamplesRunTest {

  private static final Duration GENEROUS = Duration.ofMinutes(1);

  private final Database database = new Database();
  private final CountDownLatch over = new CountDownLatch(1);
  private PostgresQueue queue =
      PostgresQueue.builder(database.dataSource()).installSchema().build();

  @BeforeEach
  void tables() {
    database.execute("CREATE TABLE summary (conversation text, text text)");
    database.execute("CREATE TABLE message (conversation text, text text)");
  }

  @AfterEach
  void close() throws IOException {
    over.countDown();
    database.close();
  }

  @Test
  void itemAndMessageAreThereTogether() throws Exception {
    Samples.enqueueInTransaction(database.dataSource(), queue);
    assertThat(database.rows("SELECT * FROM message")).containsExactly("conversation:42 hello");
    assertThat(queue.counts("summary").pendingItems()).isEqualTo(1);
  }

  @Test
  void aStreamedAnswerIsStoredAndTheProbesAreWell() {
    enqueue("conversation:1");
    Pool.Builder builder = builder();
    Samples.serveStreaming(builder, Samples.streaming(prompt -> new Pieces("a", "", "b"), queue));
    try (Pool pool = builder.start()) {
      awaitNothingPending();
      assertThat(database.rows("SELECT * FROM summary")).containsExactly("conversation:1 ab");
      assertThat(Samples.livenessStatus(pool)).isEqualTo(200);
      assertThat(Samples.drainByHand(pool)).isEqualTo(new DrainReport(0, 0, 0, 0));
      assertThat(Samples.livenessStatus(pool)).isEqualTo(503);
    }
  }

  @Test
  void aBadRequestIsSetAsideAtOnceAndCanBeDiscarded() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.url());
    config.setMaximumPoolSize(2);
    queue = Samples.connectionsApart(config);
    enqueue("conversation:2");
    Pool.Builder builder = builder();
    Samples.classify(
        builder,
        (unit, run) -> {
          throw new HttpStatusException(400);
        });
    Samples.exitWhenSaturated(builder);
    try (Pool pool = Samples.drainOnShutdown(builder)) {
      awaitNothingPending();
      assertThat(pool.health().reasons()).noneMatch(why -> why.contains("maintenanceDataSource"));
    }
    var dead = queue.deadLetters("summary", 0, 10);
    assertThat(dead).hasSize(1).allMatch(letter -> letter.attempts() == 1);
    assertThat(Samples.discard(queue, List.of(dead.get(0).id()))).isEqualTo(1);
    assertThat(queue.counts().deadItems()).isZero();
  }

  @Test
  void messagesWaitForOneAnotherUntilTheyAreFlushed() {
    enqueue("conversation:42");
    enqueue("conversation:42");
    Pool.Builder builder = builder();
    List<WorkUnit<String>> units = new CopyOnWriteArrayList<>();
    Samples.gathering(
        builder,
        (unit, run) -> {
          units.add(unit);
          return Outcome.done();
        });
    try (Pool pool = builder.start()) {
      assertThat(pool.name()).isEqualTo("samples");
      await().atMost(GENEROUS).until(() -> queue.counts().notDueKeys() == 1);
      assertThat(units).isEmpty();

      Samples.flush(queue);

      awaitNothingPending();
      assertThat(units).singleElement().satisfies(unit -> assertThat(unit.items()).hasSize(2));
    }
  }

  @Test
  void aKeyIsLookedAtAndItsItemsAreDropped() {
    enqueue("conversation:42");
    assertThat(Samples.look(queue)).get().extracting(KeyView::itemCount).isEqualTo(1L);
    assertThat(Samples.cancelPending(queue)).isEqualTo(1);
    assertThat(Samples.look(queue)).isEmpty();
    assertThat(Samples.inBulk(queue)).isZero();
  }

  @Test
  void aProviderThatIsDownCostsNoAttempt() {
    enqueue("conversation:3");
    Pool.Builder builder = builder();
    Samples.classify(
        builder,
        (unit, run) -> {
          throw new HttpStatusException(503);
        });
    try (Pool pool = builder.start()) {
      assertThat(pool.name()).isEqualTo("samples");
      await().atMost(GENEROUS).until(() -> queue.counts().notDueKeys() == 1);
      assertThat(database.rows("SELECT attempts FROM deriver.head")).containsExactly("0");
    }
  }

  @Test
  void whatTimedOutCanBePutBack() {
    enqueue("conversation:4");
    Processor<String> hangs =
        (unit, run) -> {
          over.await();
          throw new IllegalStateException("late");
        };
    Pool.Builder builder =
        builder()
            .processor(
                Samples.SUMMARY,
                hangs,
                limits -> limits.timeout(Duration.ofMillis(200)).maxAttempts(1));
    try (Pool pool = builder.start()) {
      assertThat(pool.name()).isEqualTo("samples");
      awaitNothingPending();
    }
    assertThat(Samples.requeueTimeouts(queue)).isEqualTo(1);
    assertThat(queue.counts().deadItems()).isZero();
    assertThat(queue.counts().pendingItems()).isEqualTo(1);
  }

  private Pool.Builder builder() {
    return Pool.builder(queue.store())
        .name("samples")
        .pollInterval(Duration.ofMillis(20), Duration.ofMillis(200));
  }

  private void enqueue(String key) {
    queue.enqueue(Item.of(Samples.SUMMARY, key, "hello"));
  }

  private void awaitNothingPending() {
    await().atMost(GENEROUS).until(() -> queue.counts().pendingItems() == 0);
  }

  /** An answer in pieces. */
  private static final class Pieces implements StreamingCall {

    private final List<String> pieces;

    Pieces(String... pieces) {
      this.pieces = List.of(pieces);
    }

    @Override
    public Iterator<String> iterator() {
      return pieces.iterator();
    }

    @Override
    public void cancel() {}

    @Override
    public void close() {}
  }
}
