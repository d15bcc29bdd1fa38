package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.jdbc.DrainJudge.Effect;
import io.deriver.jdbc.DrainJudge.Sent;
import io.deriver.testkit.process.JavaProcess;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards that two processes work a thousand keys side by side, nothing failing: every item once and
 * in its order, neither idle while there is enough for both, and no two transactions of theirs, or
 * of hosts, that the server has to break.
 */
@Timeout(600)
class TwoProcessesTest {

  private static final int ITEMS = 20_000;
  private static final List<String> NAMES = List.of("one", "other");
  private static final List<String> KEYS =
      IntStream.range(0, 1_000).mapToObj(n -> "key" + n).toList();

  /** Far more than a claim takes on a busy machine, far less than a rest between two polls. */
  private static final long IDLE_MILLIS = 3_000;

  private static final Duration BOUND = Duration.ofMinutes(3);

  private final List<JavaProcess> processes = new ArrayList<>();
  private LoggedServer server;
  private PostgresQueue queue;
  private ClaimableWatch watch;
  private long deadlocks;

  @BeforeEach
  void start() throws Exception {
    server = new LoggedServer();
    watch = new ClaimableWatch(server, NAMES.size() * DrainHost.SLOTS);
    queue =
        PostgresQueue.builder(server.source()).installSchema().notifyInTransactions(true).build();
    server.execute(DrainHost.EFFECT);
    deadlocks = server.deadlocks();
    for (String name : NAMES) {
      processes.add(
          JavaProcess.of(DrainHost.class)
              .name(name)
              .jvmArgs("-XX:TieredStopAtLevel=1")
              .args(String.valueOf(server.port()), name)
              .start());
    }
    for (JavaProcess process : processes) {
      process.awaitLine("ready", BOUND);
      process.tell("start");
    }
    for (JavaProcess process : processes) {
      process.awaitLine("started", BOUND);
    }
    warmUp();
    watch.start();
  }

  /** Until both have worked, and so loaded what they need for it. */
  private void warmUp() {
    await()
        .atMost(BOUND)
        .until(
            () -> {
              queue.enqueueAll(OppositeHosts.items(KEYS.subList(0, 200)));
              return server.number("SELECT count(DISTINCT node) FROM effect") == NAMES.size();
            });
    await().atMost(BOUND).until(this::allIsDone);
    server.execute("TRUNCATE effect");
  }

  private boolean allIsDone() {
    return server.number("SELECT count(*) FROM deriver.item") == 0;
  }

  @AfterEach
  void stop() {
    processes.forEach(JavaProcess::close);
    watch.close();
    server.close();
  }

  @Test
  void everyItemOnceAndInOrderAndNeitherIdle() throws Exception {
    List<String> keys = new ArrayList<>(KEYS);
    List<Sent> sent = new ArrayList<>();
    Random random = new Random(42);
    for (int round = 0; round < ITEMS / KEYS.size(); round++) {
      Collections.shuffle(keys, random);
      long called = System.nanoTime();
      List<Enqueued> added = queue.enqueueAll(OppositeHosts.items(keys));
      sent.addAll(OppositeHosts.sent(List.copyOf(keys), added, called, System.nanoTime()));
    }
    awaitEffects(sent.size());
    judge("plain", sent);
  }

  @Test
  void theSameWhileHostsMeetInOppositeOrdersAndOneStaysOpen() throws Exception {
    withHosts(Duration.ZERO);
  }

  @Test
  @Tag("soak")
  void theSameWhileOneStaysOpenForAMinute() throws Exception {
    withHosts(Duration.ofMinutes(1));
  }

  /** One transaction of a host stays open until all else is done, and for so long at least. */
  private void withHosts(Duration atLeast) throws Exception {
    long begin = System.nanoTime();
    List<Sent> sent = new ArrayList<>();
    try (Connection open = server.source().getConnection()) {
      open.setAutoCommit(false);
      List<String> some = KEYS.subList(0, 20);
      List<Enqueued> held = queue.enqueueAll(open, OppositeHosts.items(some));
      sent.addAll(meeting(() -> System.nanoTime() - begin > atLeast.toNanos()));
      awaitEffects(sent.size());
      assertThat(System.nanoTime() - begin).isGreaterThan(atLeast.toNanos());

      open.commit();

      sent.addAll(OppositeHosts.sent(some, held, begin, System.nanoTime()));
    }
    awaitEffects(sent.size());
    judge("hosts in opposite orders", sent);
  }

  private List<Sent> meeting(BooleanSupplier longEnough) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CompletionService<List<Sent>> hosts = new ExecutorCompletionService<>(threads);
      long before = enqueued();
      List<Integer> levels =
          List.of(Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ);
      for (int isolation : levels) {
        BooleanSupplier enough = () -> longEnough.getAsBoolean() && enqueued() - before >= ITEMS;
        OppositeHosts pair = new OppositeHosts(server.source(), queue, isolation, enough);
        for (boolean reversed : List.of(false, true)) {
          hosts.submit(pair.host(KEYS, isolation, reversed, this::isFarAhead));
        }
      }
      List<Sent> sent = new ArrayList<>();
      for (int i = 0; i < 2 * levels.size(); i++) {
        sent.addAll(hosts.take().get());
      }
      return sent;
    } catch (ExecutionException e) {
      throw new AssertionError("a host failed; the server said " + server.errors(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private long enqueued() {
    return server.number("SELECT last_value FROM deriver.item_number");
  }

  /** Who enqueues for a minute would else leave more behind than is worked in another. */
  private boolean isFarAhead() {
    return enqueued() - server.number("SELECT last_value FROM effect_seq_seq") > ITEMS / 2;
  }

  private void awaitEffects(int count) {
    await()
        .atMost(BOUND)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> server.number("SELECT count(*) FROM effect") >= count);
  }

  private void judge(String what, List<Sent> sent) {
    await().atMost(BOUND).until(this::allIsDone);
    ClaimableWatch.Seen seen = watch.stop();
    List<Effect> effects = effects();
    assertThat(DrainJudge.wrong(sent, effects)).isEmpty();
    assertThat(queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0, 0));
    for (JavaProcess process : processes) {
      assertThat(process.lines()).noneMatch(line -> line.startsWith("wrong: "));
    }
    assertThat(server.errors()).isEmpty();
    assertThat(server.deadlocks()).isEqualTo(deadlocks);
    NAMES.forEach(name -> neverIdle(what, name, effects, seen));
  }

  /** It did a fair share, and never started nothing for long while there was enough for both. */
  private static void neverIdle(
      String what, String name, List<Effect> effects, ClaimableWatch.Seen seen) {
    List<Long> all = effects.stream().map(Effect::startedAt).toList();
    List<Long> own =
        effects.stream()
            .filter(effect -> effect.node().equals(name))
            .map(Effect::startedAt)
            .toList();
    long took = Collections.max(all) - Collections.min(all);
    long idle = seen.longestIdle(own);
    System.out.printf(
        "%s, %s: %d of %d items in %d ms, idle for %d ms at most; enough for both in %d %% of looks%n",
        what, name, own.size(), all.size(), took, idle, seen.claimablePercent());
    assertThat(own).as("worked by " + name).hasSizeGreaterThan(all.size() / 4);
    assertThat(idle).as("idle: " + name).isLessThan(IDLE_MILLIS);
    assertThat(seen.claimablePercent()).as("claimable in so many looks").isGreaterThan(20);
  }

  private List<Effect> effects() {
    return Jdbi.create(server.source())
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        "SELECT item, key, node, attempt, started_at FROM effect ORDER BY seq")
                    .map(
                        (row, context) ->
                            new Effect(
                                row.getLong(1),
                                row.getString(2),
                                row.getString(3),
                                row.getInt(4),
                                row.getLong(5)))
                    .list());
  }
}
