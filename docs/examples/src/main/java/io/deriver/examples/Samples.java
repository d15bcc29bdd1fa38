package io.deriver.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.deriver.BreakerPolicy;
import io.deriver.Dedupe;
import io.deriver.DrainReport;
import io.deriver.FailurePolicy.Verdict;
import io.deriver.Health;
import io.deriver.Health.Status;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.Priority;
import io.deriver.Processor;
import io.deriver.WorkCounts;
import io.deriver.WorkUnit;
import io.deriver.ZombiePolicy;
import io.deriver.jdbc.DeadLetter;
import io.deriver.jdbc.Enqueued;
import io.deriver.jdbc.KeyView;
import io.deriver.jdbc.PostgresQueue;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The smaller samples of the documentation, each a method. */
final class Samples {

  static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);
  static final ItemType<String> INDEX = ItemType.of("index", String.class);

  private Samples() {}

  static void enqueueInTransaction(DataSource dataSource, PostgresQueue queue) throws SQLException {
    // docs:start enqueue-in-transaction
    try (Connection tx = dataSource.getConnection()) {
      tx.setAutoCommit(false);
      try (PreparedStatement insert = tx.prepareStatement("INSERT INTO message VALUES (?, ?)")) {
        insert.setString(1, "conversation:42");
        insert.setString(2, "hello");
        insert.executeUpdate();
      }
      queue.enqueue(tx, Item.of(SUMMARY, "conversation:42", "hello")); // both, or neither
      tx.commit();
    }
    // docs:end
  }

  static PostgresQueue connectionsApart(HikariConfig config) {
    // docs:start maintenance-data-source
    HikariDataSource host = new HikariDataSource(config);
    HikariConfig five = new HikariConfig();
    config.copyStateTo(five);
    five.setPoolName("deriver-maintenance");
    five.setMaximumPoolSize(5); // for each pool: claim, write, renew, reap, listen
    PostgresQueue queue =
        PostgresQueue.builder(host).maintenanceDataSource(new HikariDataSource(five)).build();
    // docs:end
    return queue;
  }

  static void gathering(Pool.Builder builder, Processor<String> processor) {
    // docs:start gathering
    builder.processor(
        SUMMARY,
        processor,
        limits -> limits.maxItems(50).maxWeight(8_000).gather(2_000, Duration.ofMinutes(5)));
    // docs:end
  }

  static void flush(PostgresQueue queue) {
    // docs:start flush
    queue.flush(SUMMARY, "conversation:42"); // the conversation is over
    // docs:end
  }

  static void dedupe(Connection tx, PostgresQueue queue) {
    // docs:start dedupe
    Item<String> profile =
        Item.of(SUMMARY, "user:7", "rebuild the profile").delay(Duration.ofMinutes(5));
    Enqueued enqueued = queue.enqueue(tx, profile.dedupe("profile of user:7", Dedupe.PUSH_BACK));
    // one LLM call, five minutes after the last message, however many there were
    // docs:end
    System.out.println(enqueued.change() + " as item " + enqueued.id());
  }

  /** A call to an LLM that streams its answer. */
  interface StreamingCall extends AutoCloseable, Iterable<String> {

    void cancel();

    @Override
    void close();
  }

  /** What begins such calls. */
  interface StreamingLlm {
    StreamingCall begin(String prompt);
  }

  static Processor<String> streaming(StreamingLlm llm, PostgresQueue queue) {
    String insert = "INSERT INTO summary (conversation, text) VALUES (?, ?)";
    // docs:start streaming
    Processor<String> processor =
        (unit, run) -> {
          StringBuilder text = new StringBuilder();
          try (StreamingCall call = llm.begin(unit.payloads().get(0))) {
            run.onCancel(call::cancel); // frees the thread when a limit has passed
            for (String piece : call) {
              run.throwIfCancelled();
              if (!piece.isEmpty()) {
                run.progress(); // on content, never on keep-alives
                text.append(piece);
              }
            }
          }
          return queue.apply(tx -> tx.execute(insert, unit.key(), text.toString()));
        };
    // docs:end
    return processor;
  }

  static void serveStreaming(Pool.Builder builder, Processor<String> processor) {
    // docs:start limits
    builder.processor(
        SUMMARY,
        processor,
        limits ->
            limits
                .timeout(Duration.ofMinutes(10)) // the whole run
                .firstProgressTimeout(Duration.ofSeconds(60)) // to the first piece
                .idleTimeout(Duration.ofSeconds(30))); // between two pieces
    // docs:end
  }

  /** A client that answers by a future. */
  interface AsyncLlm {
    CompletableFuture<String> complete(String prompt);
  }

  static void serveAsync(Pool.Builder builder, AsyncLlm llm, PostgresQueue queue) {
    String insert = "INSERT INTO summary (conversation, text) VALUES (?, ?)";
    // docs:start async
    builder.asyncProcessor(
        SUMMARY,
        (unit, run) -> {
          CompletableFuture<String> answer = llm.complete(unit.payloads().get(0));
          run.onCancel(() -> answer.cancel(true)); // what stops the call itself
          return answer.thenApply(
              text -> queue.apply(tx -> tx.execute(insert, unit.key(), text))); // on a pool thread
        },
        limits -> limits.timeout(Duration.ofMinutes(2)));
    // docs:end
  }

  static boolean cancelOne(Pool pool) {
    // docs:start cancel
    boolean ended = pool.cancel(SUMMARY, "conversation:42"); // in this process
    // docs:end
    return ended;
  }

  /** A system outside of Postgres that refuses an older fence than it has seen. */
  interface SearchIndex {
    void putIfNewer(String key, String text, long fence);
  }

  static Processor<String> fenced(SearchIndex index) {
    // docs:start fence
    Processor<String> processor =
        (unit, run) -> {
          run.throwIfCancelled();
          index.putIfNewer(unit.key(), unit.payloads().get(0), run.fence());
          return Outcome.done();
        };
    // docs:end
    return processor;
  }

  static void holdZombies(Pool.Builder builder, Processor<String> processor) {
    // docs:start hold
    builder.processor(
        SUMMARY, processor, limits -> limits.zombiePolicy(ZombiePolicy.hold(Duration.ofHours(1))));
    // docs:end
  }

  /** What an SDK throws for an answer that is no success. */
  static final class HttpStatusException extends IOException {

    private static final long serialVersionUID = 1L;

    final int status;

    HttpStatusException(int status) {
      super("status " + status);
      this.status = status;
    }
  }

  static void classify(Pool.Builder builder, Processor<String> processor) {
    // docs:start failure-policy
    builder.processor(
        SUMMARY,
        processor,
        limits ->
            limits.failurePolicy(
                (error, attempt) -> {
                  if (error instanceof HttpStatusException http) {
                    return switch (http.status) {
                      case 400, 404, 422 -> Verdict.PERMANENT; // no attempt can do better
                      case 429, 503 -> Verdict.RELEASE.pausing(Duration.ofSeconds(30));
                      default -> Verdict.RETRY;
                    };
                  }
                  return Verdict.RETRY;
                }));
    // docs:end
  }

  static void outages(Pool.Builder builder, Processor<String> processor) {
    // docs:start breaker
    builder.processor(
        SUMMARY,
        processor,
        limits ->
            limits
                .breaker(BreakerPolicy.probing(Duration.ofMinutes(5))) // a probe is dear
                .maxAge(Duration.ofHours(12))); // an outage longer than that is an incident
    // docs:end
  }

  static void urgent(PostgresQueue queue, String message) {
    // docs:start priority
    queue.enqueue(Item.of(SUMMARY, "conversation:42", message).priority(Priority.URGENT));
    // docs:end
  }

  static Pool.Builder toldOnce(Pool.Builder builder, Consumer<String> conversationIsUpToDate) {
    // docs:start key-drained
    builder.listener(
        event -> {
          if (event instanceof PoolEvent.KeyDrained drained) {
            conversationIsUpToDate.accept(drained.claim().key());
          }
        });
    // docs:end
    return builder;
  }

  static Outcome toldInAnyCase(PostgresQueue queue, WorkUnit<String> unit, String text) {
    // docs:start next-item
    return queue.applyJdbc(
        tx -> {
          write(tx, unit.key(), text);
          queue.enqueue(tx, Item.of(INDEX, unit.key(), text)); // both, or neither
        });
    // docs:end
  }

  private static void write(Connection tx, String key, String text) throws SQLException {
    try (PreparedStatement insert = tx.prepareStatement("INSERT INTO summary VALUES (?, ?)")) {
      insert.setString(1, key);
      insert.setString(2, text);
      insert.executeUpdate();
    }
  }

  static Map<String, Instant> pauseAType(PostgresQueue queue) {
    // docs:start pause-a-type
    queue.operations().pause(SUMMARY);
    Map<String, Instant> paused = queue.operations().paused();
    queue.operations().resume(SUMMARY);
    // docs:end
    return paused;
  }

  static Pool drainOnShutdown(Pool.Builder builder) {
    // docs:start drain-on-shutdown
    Pool pool =
        builder
            .drainOnShutdown(true) // SIGTERM calls close(), which drains
            .closeTimeout(Duration.ofSeconds(15)) // how long live runs may go on
            .start();
    // docs:end
    return pool;
  }

  static DrainReport drainByHand(Pool pool) {
    // docs:start drain-by-hand
    DrainReport report = pool.drain(Duration.ofSeconds(20));
    pool.close();
    // docs:end
    return report;
  }

  static void exitWhenSaturated(Pool.Builder builder) {
    // docs:start saturated
    builder
        .drainOnShutdown(true) // so that the claims of healthy runs are given back first
        .whenSaturatedFor(Duration.ofMinutes(10), () -> System.exit(70));
    // docs:end
  }

  static int livenessStatus(Pool pool) {
    // docs:start health
    Health health = pool.health();
    int liveness = health.liveness() == Status.DOWN ? 503 : 200; // 503: restart this process
    int readiness = health.readiness() == Status.DOWN ? 503 : 200; // 503: it claims nothing
    String why = String.join("; ", health.reasons());
    // docs:end
    return why.isEmpty() ? Math.min(liveness, readiness) : Math.max(liveness, readiness);
  }

  static int requeueTimeouts(PostgresQueue queue) {
    // docs:start dead-letters
    List<DeadLetter> dead = queue.deadLetters("summary", 0, 1_000);
    List<Long> timedOut =
        dead.stream()
            .filter(letter -> letter.errors().stream().anyMatch(e -> e.cause().equals("timeout")))
            .map(DeadLetter::id)
            .toList();
    int requeued = queue.requeue(timedOut); // to the end of their keys, attempts anew
    // docs:end
    return requeued;
  }

  static int discard(PostgresQueue queue, List<Long> ids) {
    // docs:start discard
    int gone = queue.discard(ids); // for good
    // docs:end
    return gone;
  }

  static Optional<KeyView> look(PostgresQueue queue) {
    // docs:start look
    Optional<KeyView> key = queue.operations().look(SUMMARY, "conversation:42");
    // docs:end
    return key;
  }

  static long cancelPending(PostgresQueue queue) {
    // docs:start cancel-pending
    long dropped = queue.operations().cancelPending(SUMMARY, "conversation:42");
    // docs:end
    return dropped;
  }

  static boolean cancelRunning(PostgresQueue queue) {
    // docs:start cancel-running
    boolean asked = queue.operations().cancelRunning(SUMMARY, "conversation:42");
    // docs:end
    return asked;
  }

  static long inBulk(PostgresQueue queue) {
    // docs:start dead-letters-in-bulk
    long back = queue.operations().requeueAll(SUMMARY);
    long dropped = queue.operations().discardAll(SUMMARY);
    // docs:end
    return back + dropped;
  }

  static long again(Pool pool) {
    // docs:start work-counts
    WorkCounts work = pool.work(SUMMARY);
    long calls = work.unitsStarted();
    long again =
        work.unitsFailed() + work.unitsTimedOut() + work.unitsReleased() + work.outcomesLost();
    // docs:end
    return calls == 0 ? 0 : again;
  }
}
