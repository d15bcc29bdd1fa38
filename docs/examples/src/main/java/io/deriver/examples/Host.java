package io.deriver.examples;

// docs:start host
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Pool;
import io.deriver.jdbc.PostgresQueue;
import java.time.Duration;
import javax.sql.DataSource;

public final class Host {
  interface Llm { // your SDK's client; it gets a time limit of its own, too
    String complete(String prompt, Duration atMost) throws Exception;
  }

  static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);
  static final String INSERT = "INSERT INTO summary (conversation, text) VALUES (?, ?)";
  private final PostgresQueue queue;
  private final Pool pool;

  Host(DataSource dataSource, Llm llm) {
    queue = PostgresQueue.builder(dataSource).installSchema().build();
    Pool.Builder builder = Pool.builder(queue.store()).slots(8);
    builder.processor(
        SUMMARY,
        (unit, run) -> {
          String text = llm.complete("Summarize: " + unit.payloads(), run.timeRemaining());
          return queue.apply(tx -> tx.execute(INSERT, unit.key(), text)); // commits once
        },
        limits -> limits.timeout(Duration.ofMinutes(2)).maxItems(20));
    pool = builder.start();
  }

  void receive(String conversation, String message) {
    queue.enqueue(Item.of(SUMMARY, conversation, message));
  }

  void stop() {
    pool.close(); // live runs get 10 s to end, then their claims are given back
  }
}
// docs:end
