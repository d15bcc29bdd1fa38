package io.deriver.jdbc;

import static io.deriver.jdbc.KillerHost.KILL;
import static io.deriver.jdbc.KillerHost.MAX_ATTEMPTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.testkit.process.JavaProcess;
import io.deriver.testkit.process.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that what ends its process is set aside after exactly {@code maxAttempts} starts as a
 * suspect, alone; that those who ran beside it, or in one unit with it, end once.
 */
@Timeout(240)
class KillersTest {

  private static final Db DB = Db.installed("killers");
  private static final int BYSTANDERS = 60;
  private static final Duration RESTART = Duration.ofMillis(100);

  @Test
  @DisplayName("a killer alone, and one in company, among sixty keys that do no harm")
  void onlyTheKillersAreSetAside() {
    DB.empty();
    DB.execute("DROP TABLE IF EXISTS deriver.effect");
    DB.execute("CREATE TABLE deriver.effect (key text, payload text)");
    enqueue();
    int port = ((PGSimpleDataSource) DB.dataSource()).getPortNumbers()[0];
    JavaProcess.Builder host =
        JavaProcess.of(KillerHost.class)
            .jvmArgs("-XX:TieredStopAtLevel=1")
            .args(String.valueOf(port), DB.schema());

    try (Supervisor supervisor = Supervisor.start(host, RESTART)) {
      await()
          .atMost(Duration.ofSeconds(200))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> DB.number("SELECT count(*) FROM deriver.item") == 0);

      List<String> starts =
          supervisor.all().stream().flatMap(process -> process.lines().stream()).toList();
      System.out.printf("killers: %d restarts%n", supervisor.restarts());
      // One before it was a suspect, which did not count; the rest as a suspect.
      assertThat(starts.stream().filter(("start killer [" + KILL + "]")::equals).count())
          .isEqualTo(1 + MAX_ATTEMPTS);
      assertThat(starts.stream().filter(("start company [" + KILL + "]")::equals).count())
          .isEqualTo(1);
    }
    assertThat(DB.queue().deadLetters(KillerHost.TYPE.name(), 0, 10))
        .hasSize(2)
        .allSatisfy(
            letter -> {
              assertThat(letter.payload()).contains(KILL);
              assertThat(letter.attempts()).isEqualTo(MAX_ATTEMPTS);
              assertThat(letter.ended()).containsOnly(Map.entry("crash", 1 + MAX_ATTEMPTS));
            });
    assertThat(DB.column("SELECT key || ' ' || payload FROM deriver.effect ORDER BY 1"))
        .isEqualTo(harmless());
  }

  private static void enqueue() {
    PostgresQueue queue = DB.queue();
    for (int i = 0; i < BYSTANDERS; i++) {
      if (i == BYSTANDERS / 3) {
        queue.enqueue(Item.of(KillerHost.TYPE, "killer", KILL));
      }
      if (i == BYSTANDERS / 2) {
        queue.enqueueAll(
            List.of(
                Item.of(KillerHost.TYPE, "company", "before"),
                Item.of(KillerHost.TYPE, "company", KILL),
                Item.of(KillerHost.TYPE, "company", "behind")));
      }
      queue.enqueue(Item.of(KillerHost.TYPE, "key" + i, "harmless"));
    }
  }

  private static List<String> harmless() {
    List<String> all = new ArrayList<>(List.of("company before", "company behind"));
    for (int i = 0; i < BYSTANDERS; i++) {
      all.add("key" + i + " harmless");
    }
    return all.stream().sorted().toList();
  }
}
