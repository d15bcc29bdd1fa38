package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that at the default settings an outage of the database of 30 s repeats no call: neither
 * one that ends while it lasts nor one that ends later, on either of two nodes.
 */
@Timeout(180)
class OutageTest {

  private static final Duration OUTAGE = Duration.ofSeconds(30);
  private static final ItemType<String> TYPE = ItemType.of("summary", String.class);
  private static final int NODES = 2;
  private static final int SLOTS = 8;
  private static final String ENDS_MEANWHILE = "meanwhile-";
  private static final String ENDS_LATER = "later-";

  @Test
  @DisplayName("a server that is down for 30 s, and a network that is silent for 30 s")
  void nothingIsRepeated(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    EmbeddedPostgres first = Db.serverOn(data, 0);
    PGSimpleDataSource refused = Db.dataSource("postgres");
    refused.setPortNumbers(new int[] {first.getPort()});
    PGSimpleDataSource silent = Db.dataSource("postgres");
    Db db = Db.installed("outage");
    PostgresQueue.builder(refused).installSchema().build();
    try (TcpProxy network = Db.through(silent);
        Nodes down = new Nodes(PostgresQueue.builder(refused).build());
        Nodes cutOff = new Nodes(PostgresQueue.builder(silent).schema(db.schema()).build())) {
      PostgresQueue outside = db.queue();
      down.begin(down.queue);
      cutOff.begin(outside);

      Trap silence = network.freeze();
      first.close();
      await().during(OUTAGE).atMost(OUTAGE.plusSeconds(5)).until(() -> true);
      down.endMeanwhile.countDown();
      cutOff.endMeanwhile.countDown();
      until(() -> down.ended(ENDS_MEANWHILE) && cutOff.ended(ENDS_MEANWHILE));

      silence.letGo();
      try (EmbeddedPostgres again = Db.serverOn(data, first.getPort())) {
        assertThat(again.getPort()).isEqualTo(first.getPort());
        until(() -> down.completed() == NODES * SLOTS / 2);
        until(() -> cutOff.completed() == NODES * SLOTS / 2);
        down.endLater.countDown();
        cutOff.endLater.countDown();

        down.isDoneOnce(down.queue, "server down");
        cutOff.isDoneOnce(outside, "network silent");
        down.stop();
      }
    } finally {
      first.close();
    }
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  /** Two pools at the default settings, all of whose slots work when the outage comes. */
  private static final class Nodes implements AutoCloseable {

    final PostgresQueue queue;
    final CountDownLatch endMeanwhile = new CountDownLatch(1);
    final CountDownLatch endLater = new CountDownLatch(1);
    private final List<PoolEvent> events = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private final List<Pool> pools = new ArrayList<>();

    Nodes(PostgresQueue queue) {
      this.queue = queue;
      for (int i = 0; i < NODES; i++) {
        pools.add(
            Pool.builder(queue.store())
                .slots(SLOTS)
                .processor(TYPE, this::call)
                .listener(events::add)
                .start());
      }
    }

    private Outcome call(WorkUnit<String> unit, RunContext run) throws InterruptedException {
      calls.merge(unit.key(), 1, Integer::sum);
      CountDownLatch end = unit.key().startsWith(ENDS_LATER) ? endLater : endMeanwhile;
      assertThat(end.await(2, TimeUnit.MINUTES)).isTrue();
      answers.merge(unit.key(), 1, Integer::sum);
      return Outcome.done();
    }

    /** Fills the slots of both, half of them with calls that outlast the outage. */
    void begin(PostgresQueue enqueueTo) {
      for (int i = 0; i < NODES * SLOTS; i++) {
        enqueueTo.enqueue(Item.of(TYPE, (i % 2 == 0 ? ENDS_MEANWHILE : ENDS_LATER) + i, "x"));
      }
      until(() -> pools.stream().allMatch(pool -> pool.health().live() == SLOTS));
    }

    boolean ended(String prefix) {
      return answers.keySet().stream().filter(key -> key.startsWith(prefix)).count()
          == NODES * SLOTS / 2;
    }

    long completed() {
      return events.stream().filter(PoolEvent.UnitCompleted.class::isInstance).count();
    }

    void isDoneOnce(PostgresQueue look, String outage) {
      until(() -> completed() == NODES * SLOTS);
      Map<String, Integer> failed = new TreeMap<>();
      events.stream()
          .filter(PoolEvent.DutyFailed.class::isInstance)
          .forEach(event -> failed.merge(((PoolEvent.DutyFailed) event).duty(), 1, Integer::sum));
      System.out.printf(
          "%s for %s under %d live runs: %d calls made, %d repeated; failed passes of %d nodes: %s%n",
          outage, OUTAGE, NODES * SLOTS, calls.size(), repeated(), NODES, failed);
      assertThat(calls).hasSize(NODES * SLOTS).allSatisfy((key, n) -> assertThat(n).isEqualTo(1));
      assertThat(events)
          .filteredOn(PoolEvent.UnitCompleted.class::isInstance)
          .allSatisfy(
              event -> assertThat(((PoolEvent.UnitCompleted) event).attempt()).isEqualTo(1));
      assertThat(events)
          .noneMatch(PoolEvent.LeaseLost.class::isInstance)
          .noneMatch(PoolEvent.ClaimReaped.class::isInstance)
          .noneMatch(PoolEvent.WriteRefused.class::isInstance);
      // The keeper of the lease rests least, a second at most: twice a second in the mean.
      assertThat(failed.values()).allMatch(n -> n <= NODES * OUTAGE.toSeconds() * 4);
      assertThat(look.counts().pendingItems() + look.counts().deadItems()).isZero();
    }

    private int repeated() {
      return calls.values().stream().mapToInt(Integer::intValue).sum() - calls.size();
    }

    /** While there is a server to leave. */
    void stop() {
      pools.forEach(Pool::close);
    }

    @Override
    public void close() {
      endMeanwhile.countDown();
      endLater.countDown();
      stop();
    }
  }
}
