package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Guards that the complete host of the README works as it stands, on a real Postgres. */
class HostTest {

  @Test
  void whatItReceivesIsSummarizedOnce() throws Exception {
    Queue<Duration> limits = new ConcurrentLinkedQueue<>();
    try (Database database = new Database()) {
      database.execute("CREATE TABLE summary (conversation text, text text)");
      Host host =
          new Host(
              database.dataSource(),
              (prompt, atMost) -> {
                limits.add(atMost);
                return prompt;
              });
      try {
        host.receive("conversation:42", "hello");
        host.receive("conversation:42", "bye");
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> database.rows("SELECT * FROM deriver.item").isEmpty());
      } finally {
        host.stop();
      }

      List<String> summaries = database.rows("SELECT * FROM summary");
      assertThat(String.join(" ", summaries)).containsOnlyOnce("hello").containsOnlyOnce("bye");
      assertThat(summaries).allMatch(row -> row.startsWith("conversation:42 Summarize: ["));
      assertThat(limits).allMatch(limit -> limit.compareTo(Duration.ofMinutes(2)) <= 0);
      assertThat(database.rows("SELECT * FROM deriver.head")).isEmpty();
    }
  }
}
