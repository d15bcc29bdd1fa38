package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoredItem;
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards that nothing is lost, doubled, out of order or at odds with SQL when enqueuers, routers,
 * claimers, writers and reapers of several nodes meet on few keys, one of them hot.
 */
class SoakTest {

  private static final Db DB = Db.installed("soak");
  private static final long SEED = Long.getLong("deriver.soak.seed", 42);
  private static final int ENQUEUERS = 3;
  private static final int EACH = 3_000;
  private static final int NODES = 3;
  private static final List<String> TYPES = List.of("mail", "chat", "call", "card", "note", "fax");

  private final AtomicInteger done = new AtomicInteger();
  private final Map<String, List<String>> worked = new ConcurrentHashMap<>();
  private final Set<String> live = ConcurrentHashMap.newKeySet();
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  @Test
  @DisplayName("every item ends once, in the order of its key, with one live claim a key")
  void soak() throws Exception {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(DB.dataSource());
      pool.setMaximumPoolSize(40);
      PostgresQueue queue = PostgresQueue.builder(pool).schema(DB.schema()).build();
      JoinedThreads threads = new JoinedThreads();
      for (int i = 0; i < ENQUEUERS; i++) {
        int lane = i;
        threads.start(() -> enqueue(queue, pool, lane));
      }
      for (int i = 0; i < NODES; i++) {
        Random random = new Random(SEED * 31 + i);
        NodeStore node =
            queue
                .store()
                .join(new NodeSpec("soak", TYPES, Duration.ofMinutes(5), Duration.ofSeconds(20)));
        threads.start(() -> work(node, random));
        threads.start(() -> keep(node));
      }
      threads.join();
      judge(queue);
    }
  }

  private static void enqueue(PostgresQueue queue, HikariDataSource pool, int lane)
      throws Exception {
    Random random = new Random(SEED * 17 + lane);
    int n = 0;
    while (n < EACH) {
      List<Item<String>> items = new ArrayList<>();
      int many = random.nextInt(10) == 0 ? 150 : 1 + random.nextInt(5);
      for (int i = 0; i < many && n < EACH; i++) {
        ItemType<String> type = ItemType.of(TYPES.get(random.nextInt(TYPES.size())), String.class);
        String key = random.nextInt(3) == 0 ? "hot" : "key" + random.nextInt(20);
        items.add(Item.of(type, key, lane + " " + n++));
      }
      if (random.nextBoolean()) {
        queue.enqueueAll(items);
        continue;
      }
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        for (Item<String> item : items) {
          queue.enqueue(host, item);
        }
        if (random.nextInt(4) == 0) {
          // Others are routed meanwhile, and these are seen late.
          try (Statement slow = host.createStatement()) {
            slow.execute("SELECT pg_sleep(0.02)");
          }
        }
        host.commit();
      }
    }
  }

  private void work(NodeStore node, Random random) {
    while (done.get() < ENQUEUERS * EACH && wrong.isEmpty()) {
      List<TypeTerms> terms =
          TYPES.stream()
              .map(
                  type ->
                      new TypeTerms(
                          type, Duration.ofHours(1), 1 + random.nextInt(30), 10_000, 1_000))
              .toList();
      List<Claim> claims = node.claim(new ClaimRequest(terms, 8, 4, 1)).claims();
      List<OutcomeWrite> ends = new ArrayList<>();
      for (Claim claim : claims) {
        if (!live.add(claim.id().type() + " " + claim.id().key())) {
          wrong.add("two live claims: " + claim.id());
        }
        ends.add(new OutcomeWrite(claim.id(), end(claim, random)));
      }
      write(node, claims, ends);
    }
  }

  private static ClaimEnd end(Claim claim, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new ClaimEnd.Retried(Duration.ZERO, ClaimEnd.Cause.TIMEOUT, "again");
      case 1 -> new ClaimEnd.Released(Duration.ZERO);
      case 2 -> new ClaimEnd.Split(Set.of(claim.items().get(0).id()), Map.of());
      default -> new ClaimEnd.Completed();
    };
  }

  private void write(NodeStore node, List<Claim> claims, List<OutcomeWrite> ends) {
    for (int i = 0; i < claims.size(); i++) {
      Claim claim = claims.get(i);
      if (ends.get(i).end() instanceof ClaimEnd.Completed) {
        note(claim, claim.items());
      } else if (ends.get(i).end() instanceof ClaimEnd.Split) {
        note(claim, claim.items().subList(0, 1));
      }
      live.remove(claim.id().type() + " " + claim.id().key());
    }
    List<OutcomeWrite> left = ends;
    while (!left.isEmpty() && wrong.isEmpty()) {
      List<WriteAnswer> answers = node.write(left);
      List<OutcomeWrite> undecided = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i) == WriteAnswer.UNDECIDED) {
          undecided.add(left.get(i));
        } else if (!answers.get(i).isWritten()) {
          wrong.add(answers.get(i) + " for " + left.get(i));
        }
      }
      left = undecided;
    }
  }

  private void note(Claim claim, List<StoredItem> items) {
    List<String> of =
        worked.computeIfAbsent(
            claim.id().type() + " " + claim.id().key(), k -> new CopyOnWriteArrayList<>());
    items.forEach(item -> of.add(item.payload().replace("\"", "")));
    done.addAndGet(items.size());
  }

  private void keep(NodeStore node) {
    while (done.get() < ENQUEUERS * EACH && wrong.isEmpty()) {
      node.renew();
      if (!node.reap().reaped().isEmpty()) {
        wrong.add("a live claim was reaped");
      }
    }
  }

  private void judge(PostgresQueue queue) {
    assertThat(wrong).isEmpty();
    Set<String> seen = new HashSet<>();
    worked.forEach(
        (key, payloads) -> {
          Map<String, Integer> last = new HashMap<>();
          for (String payload : payloads) {
            assertThat(seen.add(payload)).as("%s once", payload).isTrue();
            List<String> parts = List.of(payload.split(" ", -1));
            int n = Integer.parseInt(parts.get(1));
            assertThat(n)
                .as("%s in its order in %s", payload, key)
                .isGreaterThan(last.getOrDefault(parts.get(0), -1));
            last.put(parts.get(0), n);
          }
        });
    assertThat(seen).hasSize(ENQUEUERS * EACH);
    assertThat(queue.counts()).isEqualTo(new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0, 0));
    for (String table : List.of("item", "inbox", "head", "segment")) {
      assertThat(DB.number("SELECT count(*) FROM deriver." + table)).as(table).isZero();
    }
  }
}
