package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Backoff;
import io.deriver.Health;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.testkit.process.Signals;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that a server whose process stands still, or that is restarted, costs no item and no run,
 * and that nothing of it is left behind.
 */
class HungServerTest {

  private static final ItemType<String> TYPE = ItemType.of("mail", String.class);
  private static final int DUTIES = 4;

  private final List<PoolEvent> events = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> ends = new ConcurrentHashMap<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  private Pool pool(PostgresQueue queue) {
    return Pool.builder(queue.store())
        .name("server")
        .pollInterval(Duration.ofMillis(20), Duration.ofMillis(200))
        .lease(Duration.ofSeconds(30))
        .renewInterval(Duration.ofMillis(200))
        .reapInterval(Duration.ofMillis(200))
        .storeTimeout(Duration.ofSeconds(1))
        .closeTimeout(Duration.ofMillis(100))
        .listener(events::add)
        .processor(
            TYPE,
            (unit, run) -> {
              if (unit.key().startsWith("long")) {
                assertThat(gate.await(2, TimeUnit.MINUTES)).isTrue();
              }
              ends.merge(unit.key(), 1, Integer::sum);
              return Outcome.done();
            },
            limits -> limits.backoff(new Backoff(Duration.ofMillis(20), Duration.ofMillis(50))))
        .start();
  }

  private boolean completed(String key) {
    return events.stream()
        .anyMatch(
            event -> event instanceof PoolEvent.UnitCompleted e && e.claim().key().equals(key));
  }

  private long failedDuties() {
    return events.stream()
        .filter(PoolEvent.DutyFailed.class::isInstance)
        .map(event -> ((PoolEvent.DutyFailed) event).duty())
        .distinct()
        .count();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  @DisplayName("server processes that stand still are left behind, and work goes on at once")
  void standsStill() throws Exception {
    Db db = Db.installed("stands_still");
    PGSimpleDataSource control = Db.dataSource("postgres");
    control.setApplicationName("stands still");
    PostgresQueue queue =
        PostgresQueue.builder(db.dataSource())
            .schema(db.schema())
            .maintenanceDataSource(control)
            .notifications(false)
            .build();
    String all = "SELECT pid FROM pg_stat_activity WHERE application_name = 'stands still'";
    try (Pool pool = pool(queue)) {
      queue.enqueue(Item.of(TYPE, "long", "x"));
      until(() -> pool.health().live() == 1);
      List<Long> stopped = db.column(all).stream().map(pid -> Long.valueOf(pid + "")).toList();
      assertThat(stopped).hasSize(DUTIES);
      try {
        for (long pid : stopped) {
          Signals.stop(pid);
        }
        until(() -> failedDuties() >= 3);
        queue.enqueue(Item.of(TYPE, "meanwhile", "x"));
        until(() -> completed("meanwhile"));
        assertThat(pool.health().live()).isEqualTo(1);
      } finally {
        for (long pid : stopped) {
          Signals.resume(pid);
        }
      }
      gate.countDown();
      until(() -> completed("long"));
      until(() -> db.column(all).size() == DUTIES);
      assertThat(db.column(all))
          .doesNotContainAnyElementsOf(stopped.stream().map(String::valueOf).toList());
      until(() -> pool.health().readiness() == Health.Status.UP);
      assertThat(ends).containsOnly(Map.entry("long", 1), Map.entry("meanwhile", 1));
    }
  }

  @Test
  @DisplayName("a server that is restarted under a pool costs no run, no attempt and no item")
  void restarted(@TempDir Path directory) throws Exception {
    Path data = directory.resolve("data");
    EmbeddedPostgres first = Db.serverOn(data, 0);
    int port = first.getPort();
    PGSimpleDataSource source = Db.dataSource("postgres");
    source.setPortNumbers(new int[] {port});
    try {
      PostgresQueue queue = PostgresQueue.builder(source).installSchema().build();
      try (Pool pool = pool(queue)) {
        for (int i = 0; i < 4; i++) {
          queue.enqueue(Item.of(TYPE, "long" + i, "x"));
        }
        until(() -> pool.health().live() == 4);
        first.close();
        until(() -> failedDuties() >= 2);
        assertThat(pool.health().liveness()).isEqualTo(Health.Status.UP);
        assertThat(pool.health().readiness()).isNotEqualTo(Health.Status.UP);
        // These end while there is nobody to tell.
        gate.countDown();
        until(() -> ends.size() == 4);
        try (EmbeddedPostgres second = Db.serverOn(data, port)) {
          assertThat(second.getPort()).isEqualTo(port);
          until(
              () -> 4 == events.stream().filter(PoolEvent.UnitCompleted.class::isInstance).count());
          queue.enqueue(Item.of(TYPE, "afterwards", "x"));
          until(() -> completed("afterwards"));
          until(() -> pool.health().readiness() == Health.Status.UP);
          assertThat(ends.values()).containsOnly(1);
          assertThat(queue.counts().pendingItems() + queue.counts().deadItems()).isZero();
        }
      }
    } finally {
      first.close();
    }
  }
}
