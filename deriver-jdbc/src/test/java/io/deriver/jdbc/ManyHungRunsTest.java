package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.BreakerPolicy;
import io.deriver.Health;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Invariant 9: runs that hang one after the other, none of which ends by itself or when it is
 * interrupted, leave nothing behind once their threads are let go, each only after it was reported
 * abandoned: heap, threads, file descriptors and connections are at the end what they were at the
 * start.
 */
class ManyHungRunsTest {

  private static final ItemType<String> TYPE = ItemType.of("message", String.class);
  private static final int SLOTS = 32;
  private static final int CAP = 64;
  private static final int WARM_UP = 200;

  private static final Db DB = Db.installed("many_hung_runs");

  private final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();
  private final AtomicInteger returned = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private int enqueued;
  private int mostAbandoned;

  @Test
  void twoThousandLeaveNothingBehind() throws Exception {
    leaveNothingBehind(2_000);
  }

  @Test
  @Tag("soak")
  void tenThousandLeaveNothingBehind() throws Exception {
    leaveNothingBehind(10_000);
  }

  private void leaveNothingBehind(int runs) throws Exception {
    DB.empty();
    try (HikariDataSource host = new HikariDataSource()) {
      host.setDataSource(DB.dataSource());
      host.setMaximumPoolSize(10);
      host.setMinimumIdle(10);
      PostgresQueue queue = PostgresQueue.builder(host).schema(DB.schema()).build();
      try (Pool pool =
          Pool.builder(queue.store())
              .slots(SLOTS)
              .maxAbandoned(CAP)
              .pollInterval(Duration.ofMillis(20), Duration.ofMillis(100))
              .closeTimeout(Duration.ZERO)
              .listener(
                  event -> {
                    if (event instanceof PoolEvent.UnitDeadLettered) {
                      ended.incrementAndGet();
                    }
                  })
              .processor(
                  TYPE,
                  (unit, run) -> {
                    CountDownLatch letGo = new CountDownLatch(1);
                    hanging.put(unit.key(), letGo);
                    awaitWhoeverInterrupts(letGo);
                    returned.incrementAndGet();
                    return Outcome.done();
                  },
                  // A breaker would take them for an outage and let one run hang at a time.
                  limits ->
                      limits
                          .timeout(Duration.ofMillis(200))
                          .maxAttempts(1)
                          .breaker(BreakerPolicy.off()))
              .start()) {
        hang(pool, queue, WARM_UP);
        Footprint before = footprint(host);
        hang(pool, queue, runs);
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(200))
            .untilAsserted(
                () -> assertThat(footprint(host).over(before)).as("more than before").isEmpty());
        System.out.printf(
            "%d hung runs, at most %d abandoned at once: before %s, after %s%n",
            returned.get() - WARM_UP, mostAbandoned, before, footprint(host));
        assertThat(mostAbandoned).isBetween(1, CAP);
        // On a busy machine the limit of some has passed before their thread began.
        assertThat(returned.get()).as("runs that hung").isGreaterThan(runs * 9 / 10);
        assertThat(pool.health().live()).isZero();
      }
      assertThat(queue.counts().deadItems()).isEqualTo(WARM_UP + runs);
    }
  }

  /** Has so many runs hang, and lets go of each once health names it as abandoned. */
  private void hang(Pool pool, PostgresQueue queue, int runs) {
    List<Item<String>> items = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      items.add(Item.of(TYPE, "key" + enqueued++, "x"));
    }
    queue.enqueueAll(items);
    await()
        .atMost(Duration.ofMinutes(15))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              letGoOfTheAbandoned(pool);
              return ended.get() == enqueued && pool.health().abandoned().isEmpty();
            });
    await().atMost(Duration.ofMinutes(1)).until(() -> pool.health().unwritten() == 0);
    assertThat(hanging).isEmpty();
  }

  private void letGoOfTheAbandoned(Pool pool) {
    List<Health.RunInfo> abandoned = pool.health().abandoned();
    mostAbandoned = Math.max(mostAbandoned, abandoned.size());
    for (Health.RunInfo run : abandoned) {
      CountDownLatch letGo = hanging.remove(run.key());
      if (letGo != null) {
        letGo.countDown();
      }
    }
  }

  private static void awaitWhoeverInterrupts(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException passedOver) {
        // This is what makes it hang.
      }
    }
  }

  private static Footprint footprint(HikariDataSource host) {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    String[] descriptors = new File("/proc/self/fd").list();
    return new Footprint(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 10,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        descriptors == null ? 0 : descriptors.length,
        DB.number("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"),
        host.getHikariPoolMXBean().getTotalConnections());
  }

  /** What a process holds. */
  private record Footprint(
      long heapKiB, int threads, int descriptors, long serverConnections, int hostConnections) {

    private static final long HEAP_LEEWAY_KIB = 2_048;
    // The threads that clean up after connections and that idle runs' threads come and go.
    private static final int LEEWAY = 4;

    List<String> over(Footprint before) {
      List<String> over = new ArrayList<>();
      check(over, "heap, KiB", heapKiB, before.heapKiB + HEAP_LEEWAY_KIB);
      check(over, "threads", threads, before.threads + LEEWAY);
      check(over, "descriptors", descriptors, before.descriptors + LEEWAY);
      check(over, "connections", serverConnections, before.serverConnections);
      check(over, "connections of the host", hostConnections, before.hostConnections);
      return over;
    }

    private static void check(List<String> over, String what, long now, long most) {
      if (now > most) {
        over.add("%s: %d, at most %d".formatted(what, now, most));
      }
    }
  }
}
