package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.StoreException;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that a call of an operator's or a host's whose connection breaks, before or behind any of
 * its statements, is done or not done, holds no lock, and can be made again.
 */
@Timeout(60)
class CutHostCallsTest {

  private static final Db DB = Db.installed("cut_host_calls");
  private static final NodeSpec SPEC =
      new NodeSpec("cut", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(30));
  private static final String LOCKS =
      """
      SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname = 'cut_host_calls' AND l.pid <> pg_backend_pid()
      """;

  private final PGSimpleDataSource through = Db.dataSource("postgres");

  @BeforeEach
  void fill() {
    DB.empty();
    PostgresQueue queue = DB.queue();
    queue.enqueue(Item.of(HostCall.MAIL, "key", "old").dedupe("twin", Dedupe.KEEP_FIRST));
    queue.enqueue(Item.of(HostCall.MAIL, "key", "other"));
    queue.enqueue(Item.of(HostCall.MAIL, "runs", "x"));
    route();
    DB.execute("UPDATE deriver.type SET min_weight = 100, max_wait_ms = 3600000, enough = 100");
    DB.execute(
        """
        UPDATE deriver.head SET fence = nextval('deriver.fence_number'), node = 'a node', taken = 1, attempts = 1,
            claimed_at = now(), guard = now() + interval '1 hour', max_attempts = 5
         WHERE key = 'runs'
        """);
    DB.execute(
        """
        INSERT INTO deriver.dead_letter (id, type, key, payload, bytes, weight, enqueued_at, attempts, ended, errors, died_at)
        SELECT n, 'mail', 'died', '"x"', 3, 1, now(), 1, '{}', '[]', now() - interval '31 days' FROM generate_series(1, 3) n
        """);
  }

  /** Routes twice: the first pass may only make the type's row. */
  private static void route() {
    DB.execute("SELECT deriver.route_v1('mail')");
    DB.execute("SELECT deriver.route_v1('mail')");
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  private PostgresQueue queue() {
    return PostgresQueue.builder(through)
        .maintenanceDataSource(through)
        .schema(DB.schema())
        .notifications(false)
        .keepDeadLetters(Duration.ofDays(30))
        .keepDone(Duration.ofDays(30))
        .build();
  }

  static Stream<Arguments> everyCallInEveryWay() {
    return HostCall.all().stream()
        .flatMap(
            call ->
                Arrays.stream(Cut.values())
                    .filter(cut -> cut != Cut.ANSWER_TO_COMMIT || !call.isOneRequest())
                    .map(cut -> Arguments.of(call, cut)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("everyCallInEveryWay")
  void doneOrNotDoneAndOnceInTheEnd(HostCall call, Cut cut) {
    if (call.name().equals("resume")) {
      DB.queue().operations().pause(HostCall.MAIL);
    }
    String before = call.look(DB);
    try (TcpProxy proxy = Db.through(through)) {
      PostgresQueue queue = queue();
      assertThat(cut(proxy, cut, call.statement(), () -> call.on(queue)))
          .as("what the host is told")
          .isInstanceOf(StoreException.class);
      until(() -> DB.number(LOCKS) == 0);

      route();
      if (cut.leavesUndone()) {
        assertThat(call.look(DB)).isEqualTo(before);
      } else if (cut == Cut.ANSWER_TO_COMMIT || call.isOneRequest()) {
        assertThat(call.look(DB)).isEqualTo(call.done());
      } else {
        assertThat(call.look(DB)).as("before its commit").isEqualTo(before);
      }
      for (int again = 0; again < 2; again++) {
        call.on(queue);
        route();
        assertThat(call.look(DB)).isEqualTo(call.done());
      }
    }
    everyItemStandsInOnePlace();
  }

  static Stream<Arguments> everyPurgeInEveryWay() {
    return Stream.of("purge_v1(", "purge_done_v1(")
        .flatMap(
            purge ->
                Stream.of(Cut.STATEMENT, Cut.HALF, Cut.ANSWER)
                    .map(cut -> Arguments.of(purge, cut)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("everyPurgeInEveryWay")
  void aPurgeGoesOnInTheNextPass(String purge, Cut cut) {
    DB.execute(
        """
        INSERT INTO deriver.done (id, type, key, how, attempts, ended, enqueued_at, ended_at)
        SELECT n, 'mail', 'ended', 'completed', 1, '{}', now(), now() - interval '31 days' FROM generate_series(1, 3) n
        """);
    String left =
        "SELECT count(*) FROM deriver." + (purge.contains("done") ? "done" : "dead_letter");
    try (TcpProxy proxy = Db.through(through);
        NodeStore node = queue().store().join(SPEC)) {
      assertThat(cut(proxy, cut, purge, node::reap)).as("what the reaper is told").isNull();
      until(() -> DB.number(LOCKS) == 0);
      assertThat(DB.number(left)).isEqualTo(cut == Cut.ANSWER ? 0 : 3);

      node.reap();

      assertThat(DB.number(left)).isZero();
    }
  }

  /** Makes the call with its connection cut there; answers what it threw. */
  private static Throwable cut(TcpProxy proxy, Cut cut, String statement, Runnable call) {
    Trap trap =
        switch (cut) {
          case BEGIN -> proxy.cut(1, "BEGIN ISOLATION");
          case STATEMENT -> proxy.cut(1, statement);
          case HALF -> proxy.holdBehind(statement);
          case ANSWER -> proxy.cutAnswer(1, statement);
          case ANSWER_TO_COMMIT -> proxy.holdAnswer(statement);
        };
    CompletableFuture<Void> made = CompletableFuture.runAsync(call);
    until(() -> trap.caught() > 0);
    if (cut == Cut.HALF) {
      proxy.cutAll();
      trap.letGo();
    } else if (cut == Cut.ANSWER_TO_COMMIT) {
      Trap committed = proxy.cutAnswer(1, "COMMIT");
      trap.letGo();
      until(() -> committed.caught() > 0);
    }
    return made.handle(
            (nothing, thrown) ->
                thrown instanceof CompletionException wrapped ? wrapped.getCause() : thrown)
        .join();
  }

  /** None is lost and none named twice, where it waits. */
  private static void everyItemStandsInOnePlace() {
    assertThat(
            DB.column(
                """
                SELECT u.id FROM deriver.head h, unnest(h.ids) u(id)
                UNION ALL SELECT u.id FROM deriver.segment s, unnest(s.ids) u(id)
                UNION ALL SELECT u.id FROM deriver.inbox b, unnest(b.ids) u(id)
                """))
        .containsExactlyInAnyOrderElementsOf(DB.column("SELECT id FROM deriver.item"));
  }

  /** Where the connection breaks. */
  enum Cut {
    /** Before anything has arrived. */
    BEGIN,
    /** Before the statement arrives. */
    STATEMENT,
    /** The server has done the statement, and what comes behind it does not arrive. */
    HALF,
    /** Instead of the answer to the request that the statement is in. */
    ANSWER,
    /** Instead of the answer to the commit, where that is a request of its own. */
    ANSWER_TO_COMMIT;

    boolean leavesUndone() {
      return this == BEGIN || this == STATEMENT || this == HALF;
    }
  }
}
