package io.deriver.recipes;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.deriver.Health.RunInfo;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.spi.ClaimId;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards that a recipe gives the thread of a hung call back to the pool that has ended its run, and
 * that without it the thread stays away.
 */
@Timeout(180)
class RecipesOnAPoolTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(4);

  /** How a call of the pool is made. */
  @FunctionalInterface
  private interface Way {
    void call(Client client, String id, io.deriver.RunContext run) throws Exception;
  }

  private final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();

  @Test
  void everyThreadComesBack() throws Exception {
    try (HangingServer server = new HangingServer()) {
      List<Client> clients = clients(server);
      InMemoryWorkStore store = new InMemoryWorkStore();
      Set<String> keys = enqueue(store, clients, HangingServer.SHAPES.keySet(), server);
      try (Pool pool = pool(store, clients, (client, id, run) -> client.recipe().call(id, run))) {
        soon()
            .untilAsserted(() -> assertThat(keys(Stream.of(back(), completed()))).isEqualTo(keys));

        assertThat(back()).isEqualTo(timedOut()).hasSizeGreaterThan(75);
        assertThat(completed()).allMatch(key -> key.contains("STREAM_NEVER_ENDS"));
        soon().until(() -> pool.health().abandoned().isEmpty());
        assertThat(server.asked()).as("calls that were made").containsAll(keys);
      }
    }
  }

  @Test
  void everyStatementEnds() throws Exception {
    try (HangingDatabase database = new HangingDatabase()) {
      List<Client> clients = List.of(database.client());
      clients.get(0).warmUp();
      InMemoryWorkStore store = new InMemoryWorkStore();
      Set<String> keys = new TreeSet<>();
      for (String shape : HangingDatabase.SHAPES) {
        String statement = HangingDatabase.statement(shape, 0);
        keys.add(statement);
        store.enqueue(Item.of(type(0), statement, statement));
      }
      try (Pool pool = pool(store, clients, (client, id, run) -> client.recipe().call(id, run))) {
        soon().until(() -> keys.stream().allMatch(database::holds));
        soon().until(() -> back().equals(keys));
        soon().until(() -> pool.health().abandoned().isEmpty());
        soon().until(() -> keys.stream().noneMatch(database::holds));
      }
    }
  }

  /** Without a handle: what an interrupt does not free stays away until the server lets go. */
  @Test
  void withoutTheRecipesThreadsStayAway() throws Exception {
    assumeThat(Kinds.here()).as("the page tells nothing of this JDK").isNotEmpty();
    try (HangingServer server = new HangingServer()) {
      List<Client> clients = clients(server);
      InMemoryWorkStore store = new InMemoryWorkStore();
      Set<String> silent = Set.of("headers never come", "body stalls");
      Set<String> keys = enqueue(store, clients, silent, server);
      Set<String> away = new TreeSet<>();
      new Page("clients")
          .words(Kinds.here().get(0))
          .forEach(
              (cell, word) -> {
                if (cell.way().equals(Cell.INTERRUPT) && word.equals("no")) {
                  clients.stream()
                      .filter(client -> client.name().equals(cell.client()))
                      .filter(client -> silent.contains(cell.shape()))
                      .forEach(client -> away.add(key(clients.indexOf(client), cell.shape())));
                }
              });
      assertThat(away).isNotEmpty();
      Way usual = (client, id, run) -> client.usual().call(id, new Handles());
      try (Pool pool = pool(store, clients, usual)) {
        soon().untilAsserted(() -> assertThat(timedOut()).isEqualTo(keys));
        soon().untilAsserted(() -> assertThat(abandoned(pool)).isEqualTo(away));
        assertThat(server.asked()).as("calls that were made").containsAll(keys);

        soon()
            .until(
                () -> {
                  server.letGo(); // again and again: some SDKs call once more, and hang once more
                  return pool.health().abandoned().isEmpty();
                });
      }
    }
  }

  private static List<Client> clients(HangingServer server) throws Exception {
    List<Client> clients = Clients.at(server.url());
    for (Client client : clients) {
      client.warmUp();
    }
    return clients;
  }

  private static ItemType<String> type(int client) {
    return ItemType.of("call-" + client, String.class);
  }

  /** The prompt is the key: each call hangs by itself. */
  private static String key(int client, String shape) {
    return HangingServer.prompt(shape, client);
  }

  private static Set<String> enqueue(
      InMemoryWorkStore store,
      List<Client> clients,
      Collection<String> shapes,
      HangingServer server) {
    Set<String> keys = new TreeSet<>();
    for (int i = 0; i < clients.size(); i++) {
      for (String shape : shapes) {
        String key = key(i, shape);
        keys.add(key);
        store.enqueue(Item.of(type(i), key, key));
      }
    }
    assertThat(server.asked()).doesNotContainAnyElementsOf(keys);
    return keys;
  }

  private Pool pool(InMemoryWorkStore store, List<Client> clients, Way way) {
    Pool.Builder builder =
        Pool.builder(store)
            .slots(100)
            .maxAbandoned(200)
            .closeTimeout(Duration.ZERO)
            .listener(events::add);
    for (int i = 0; i < clients.size(); i++) {
      Client client = clients.get(i);
      builder.processor(
          type(i),
          (unit, run) -> {
            way.call(client, unit.key(), run);
            return Outcome.done();
          },
          limits -> limits.timeout(TIMEOUT).maxAttempts(1));
    }
    return builder.start();
  }

  private Set<String> back() {
    return keys(PoolEvent.LateReturn.class);
  }

  private Set<String> timedOut() {
    return keys(PoolEvent.RunTimedOut.class);
  }

  private Set<String> completed() {
    return keys(PoolEvent.UnitCompleted.class);
  }

  private static Set<String> keys(Stream<Set<String>> sets) {
    return sets.flatMap(Set::stream).collect(toCollection(TreeSet::new));
  }

  private Set<String> keys(Class<? extends PoolEvent> kind) {
    return events.stream()
        .filter(kind::isInstance)
        .map(RecipesOnAPoolTest::claim)
        .map(ClaimId::key)
        .collect(toCollection(TreeSet::new));
  }

  private static ClaimId claim(PoolEvent event) {
    if (event instanceof PoolEvent.LateReturn late) {
      return late.claim();
    } else if (event instanceof PoolEvent.RunTimedOut timedOut) {
      return timedOut.claim();
    }
    return ((PoolEvent.UnitCompleted) event).claim();
  }

  private static Set<String> abandoned(Pool pool) {
    return pool.health().abandoned().stream().map(RunInfo::key).collect(toCollection(TreeSet::new));
  }

  private static ConditionFactory soon() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(60));
  }
}
