package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Backoff;
import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.Priority;
import io.deriver.WorkUnit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every call that a host can make, at random on the same few keys, from several threads, beside
 * pools whose units fail and hang: none waits for another in a circle, and each item has one end.
 */
@Timeout(180)
class AllCallsTest {

  private static final int CALLS = Integer.getInteger("deriver.allCalls", 120);
  private static final int HOSTS = 4;
  private static final int KEYS = 4;
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final ItemType<String> CHAT = ItemType.of("chat", String.class);
  private static final Db DB = Db.installed("all_calls");

  private final HikariDataSource connections = new HikariDataSource();
  private final PostgresQueue queue;
  private final List<String> locked = new CopyOnWriteArrayList<>();
  private final AtomicLong enqueued = new AtomicLong();
  private final AtomicLong cancelled = new AtomicLong();
  private final AtomicLong discarded = new AtomicLong();

  AllCallsTest() {
    connections.setDataSource(DB.dataSource());
    connections.setMaximumPoolSize(30);
    queue = PostgresQueue.builder(connections).schema(DB.schema()).build();
  }

  @AfterEach
  void close() {
    connections.close();
  }

  @Test
  void noneDeadlocksAndEachItemHasOneEnd() throws Exception {
    DB.execute("CREATE TABLE IF NOT EXISTS deriver.effect (id bigint PRIMARY KEY)");
    DB.execute("TRUNCATE deriver.effect");
    long deadlocks = deadlocks();
    ExecutorService threads = Executors.newFixedThreadPool(HOSTS);
    List<Future<?>> hosts = new ArrayList<>();
    try (Pool one = pool();
        Pool other = pool()) {
      for (int host = 0; host < HOSTS; host++) {
        Random random = new Random(host);
        hosts.add(threads.submit(() -> callAtRandom(random)));
      }
      for (Future<?> host : hosts) {
        host.get(120, TimeUnit.SECONDS);
      }
      queue.operations().resume(MAIL);
      queue.operations().resume(CHAT);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> queue.counts().pendingItems() == 0);
      assertThat(List.of(one, other))
          .as("both at work")
          .allMatch(pool -> pool.work(MAIL).unitsStarted() > 0);
    } finally {
      threads.shutdownNow();
    }
    long done = DB.number("SELECT count(*) FROM deriver.effect");
    long dead = queue.counts("mail").deadItems();
    System.out.printf(
        "%d enqueued: %d done, %d cancelled, %d discarded, %d dead letters%n",
        enqueued.get(), done, cancelled.get(), discarded.get(), dead);
    assertThat(deadlocks()).as("deadlocks").isEqualTo(deadlocks);
    assertThat(locked).as("duties that waited for a lock as long as a deadlock lasts").isEmpty();
    assertThat(done + cancelled.get() + discarded.get() + dead).isEqualTo(enqueued.get());
    assertThat(List.of(done, cancelled.get())).allMatch(number -> number > 0);
  }

  private Pool pool() {
    return Pool.builder(queue.store())
        .slots(4)
        .listener(this::hear)
        .pollInterval(Duration.ofMillis(1), Duration.ofMillis(50))
        .lease(Duration.ofSeconds(15))
        .renewInterval(Duration.ofMillis(100))
        .reapInterval(Duration.ofMillis(100))
        .processor(MAIL, (unit, run) -> work(unit), limits -> often(limits).maxItems(5))
        .processor(
            CHAT,
            (unit, run) -> Outcome.done(),
            limits ->
                often(limits).maxConcurrentOverall(2).maxItems(50).gather(3, Duration.ofSeconds(2)))
        .start();
  }

  private void hear(PoolEvent event) {
    if (event instanceof PoolEvent.DutyFailed failed
        && (failed.error().contains("55P03") || failed.error().contains("40P01"))) {
      locked.add(failed.error());
    }
  }

  private static Limits.Builder often(Limits.Builder limits) {
    return limits
        .timeout(Duration.ofSeconds(2))
        .maxAttempts(2)
        .backoff(Backoff.exponential(Duration.ofMillis(10), Duration.ofMillis(20)));
  }

  private Outcome work(WorkUnit<String> unit) {
    if (unit.payloads().contains("bad")) {
      throw new IllegalStateException("it is bad");
    }
    return queue.applyJdbc(
        tx -> {
          for (var item : unit.items()) {
            insert(tx, item.id());
          }
        });
  }

  private static void insert(Connection tx, long id) throws SQLException {
    try (PreparedStatement insert =
        tx.prepareStatement(DB.sql("INSERT INTO deriver.effect VALUES (?)"))) {
      insert.setLong(1, id);
      insert.execute();
    }
  }

  private void callAtRandom(Random random) {
    for (int i = 0; i < CALLS; i++) {
      call(random.nextInt(20), random, "key" + random.nextInt(KEYS));
    }
  }

  private void call(int which, Random random, String key) {
    ItemType<String> type = random.nextBoolean() ? MAIL : CHAT;
    switch (which) {
      case 0 -> queue.flush(type);
      case 1 -> queue.flushAll();
      case 2, 3 -> queue.flush(CHAT, key);
      case 4 -> cancelled.addAndGet(queue.operations().cancelPending(MAIL, key));
      case 5 -> queue.operations().cancelPending(CHAT, key);
      case 6 -> queue.operations().cancelRunning(type, key);
      case 7 -> queue.operations().pause(type);
      case 8, 9 -> queue.operations().resume(type);
      case 10 -> queue.operations().look(type, key);
      case 11 -> queue.requeue(someDead(random));
      case 12 -> discarded.addAndGet(queue.discard(someDead(random)));
      case 13 -> queue.operations().requeueAll(MAIL);
      case 14 -> queue.enqueueAll(List.of(chat(random, key), chat(random, key)));
      default -> {
        queue.enqueueAll(List.of(mail(random, key), mail(random, "key0"), mail(random, "key1")));
        enqueued.addAndGet(3);
      }
    }
  }

  private List<Long> someDead(Random random) {
    return queue.deadLetters("mail", 0, 50).stream()
        .map(DeadLetter::id)
        .filter(id -> random.nextBoolean())
        .toList();
  }

  private static Item<String> mail(Random random, String key) {
    return Item.of(MAIL, key, random.nextInt(20) == 0 ? "bad" : "good")
        .priority(any(List.of(Priority.values()), random))
        .delay(Duration.ofMillis(random.nextInt(3)));
  }

  private static Item<String> chat(Random random, String key) {
    return Item.of(CHAT, key, "x")
        .dedupe("dedupe" + random.nextInt(3), any(List.of(Dedupe.values()), random));
  }

  private static <T> T any(List<T> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static long deadlocks() {
    return DB.number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }
}
