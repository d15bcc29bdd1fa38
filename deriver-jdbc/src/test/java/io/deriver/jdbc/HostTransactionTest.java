package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards that an open transaction of the host holds up nobody, and that its enqueues go with it.
 */
class HostTransactionTest {

  private static final Db DB = Db.installed("host_tx");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final NodeSpec SPEC =
      new NodeSpec("host", List.of("mail"), Duration.ofMinutes(1), Duration.ofSeconds(5));

  private final PostgresQueue queue = DB.queue();

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private static List<Claim> claim(NodeStore node) {
    return node.claim(
            new ClaimRequest(
                List.of(new TypeTerms("mail", Duration.ofMinutes(5), 1, 1_000, 3)), 10, 10, 10))
        .claims();
  }

  private static Item<String> item(String key) {
    return Item.of(MAIL, key, "x");
  }

  @Test
  @DisplayName(
      "an open enqueue into a claimed key holds up neither its completion nor anything else")
  void anOpenEnqueueHoldsUpNothing() throws Exception {
    queue.enqueue(item("a"));
    try (NodeStore node = queue.store().join(SPEC);
        Connection host = DB.dataSource().getConnection()) {
      Claim claim = claim(node).get(0);
      host.setAutoCommit(false);
      queue.enqueueAll(host, List.of(item("a"), item("b")));

      assertThat(node.renew().held()).containsExactly(claim.id().fence());
      assertThat(node.reap().reaped()).isEmpty();
      assertThat(node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))))
          .containsExactly(WriteAnswer.DRAINED);
      queue.enqueue(item("c"));
      assertThat(claim(node)).extracting(c -> c.id().key()).containsExactly("c");
      host.commit();

      assertThat(claim(node)).extracting(c -> c.id().key()).containsExactly("a", "b");
    }
  }

  @Test
  @DisplayName(
      "a drained head is deleted beside an enqueue in flight, and the item gets a head again")
  void aDrainedHeadBesideAnEnqueueInFlight() throws Exception {
    queue.enqueue(item("a"));
    try (NodeStore node = queue.store().join(SPEC);
        Connection host = DB.dataSource().getConnection()) {
      Claim claim = claim(node).get(0);
      host.setAutoCommit(false);
      queue.enqueue(host, item("a"));
      node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed())));
      assertThat(DB.number("SELECT count(*) FROM deriver.head")).isZero();
      host.commit();

      assertThat(claim(node)).hasSize(1);
    }
  }

  @Test
  @DisplayName("hosts that enqueue A,B and B,A in long transactions do not meet")
  void oppositeOrders() throws Exception {
    JoinedThreads threads = new JoinedThreads();
    CyclicBarrier together = new CyclicBarrier(2);
    for (List<String> keys : List.of(List.of("a", "b"), List.of("b", "a"))) {
      threads.start(
          () -> {
            try (Connection host = DB.dataSource().getConnection()) {
              host.setAutoCommit(false);
              for (int round = 0; round < 50; round++) {
                queue.enqueue(
                    host, Item.of(ItemType.of("t" + keys.get(0) + round, String.class), "k", "x"));
                queue.enqueue(host, item(keys.get(0)));
                together.await(30, TimeUnit.SECONDS);
                queue.enqueue(host, item(keys.get(1)));
                queue.enqueue(
                    host, Item.of(ItemType.of("t" + keys.get(1) + round, String.class), "k", "x"));
                host.commit();
              }
            }
          });
    }
    threads.join();
    assertThat(queue.counts("mail").pendingItems()).isEqualTo(200);
  }

  @Test
  @DisplayName("REPEATABLE READ and SERIALIZABLE hosts enqueue into a key that is worked meanwhile")
  void strictHosts() throws Exception {
    try (NodeStore node = queue.store().join(SPEC)) {
      for (int level :
          new int[] {Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
        try (Connection host = DB.dataSource().getConnection()) {
          host.setAutoCommit(false);
          host.setTransactionIsolation(level);
          Db.column(host, "SELECT 1");
          queue.enqueue(item("a"));
          Claim claim = claim(node).get(0);
          node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed())));
          queue.enqueue(host, item("a"));
          host.commit();
        }
        Claim claim = claim(node).get(0);
        node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed())));
      }
    }
    assertThat(queue.counts().pendingItems()).isZero();
  }

  @Test
  @DisplayName("what is rolled back, whole or to a savepoint, was never enqueued")
  void rollback() throws Exception {
    try (Connection host = DB.dataSource().getConnection()) {
      host.setAutoCommit(false);
      queue.enqueue(host, item("a"));
      host.rollback();
      queue.enqueue(host, item("b"));
      Savepoint savepoint = host.setSavepoint();
      queue.enqueue(host, item("c"));
      host.rollback(savepoint);
      host.commit();
    }
    try (NodeStore node = queue.store().join(SPEC)) {
      assertThat(claim(node)).extracting(c -> c.id().key()).containsExactly("b");
    }
    assertThat(DB.number("SELECT count(*) FROM deriver.item")).isEqualTo(1);
  }

  @Test
  @DisplayName("the transaction around an enqueue keeps every setting, and hears no notification")
  void theTransactionIsNotAltered() throws Exception {
    String settings =
        "SELECT name || '=' || setting FROM pg_settings WHERE name LIKE '%timeout' OR name LIKE"
            + " 'enable%' OR name IN ('transaction_isolation', 'search_path') ORDER BY 1";
    try (Connection host = DB.dataSource().getConnection()) {
      host.setAutoCommit(false);
      List<?> before = Db.column(host, settings);
      queue.enqueue(host, item("a"));
      assertThat(Db.column(host, settings)).isEqualTo(before);
      assertThat(host.getAutoCommit()).isFalse();
      assertThat(Db.column(host, "SELECT pg_notification_queue_usage()")).containsExactly("0");
      host.commit();
    }
  }

  @Test
  @DisplayName("a JDBI handle's transaction takes items in, and rolls them back")
  void handles() {
    Jdbi jdbi = Jdbi.create(DB.dataSource());
    long id = jdbi.inTransaction(handle -> queue.enqueue(handle, item("a")).id());
    assertThat(id).isPositive();
    jdbi.useHandle(
        handle -> {
          handle.begin();
          queue.enqueueAll(handle, List.of(item("b"), item("c")));
          handle.rollback();
        });
    assertThat(queue.counts().pendingItems()).isEqualTo(1);
  }
}
