package io.deriver.quickstart.host;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.Pool;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.quickstart.Schemas;
import io.deriver.quickstart.Settings;
import io.deriver.quickstart.Summaries;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Message;
import io.deriver.quickstart.llm.Summarizer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * The host service: it takes messages in, and has the conversations summarized in the background.
 */
public final class SummaryService {

  /** What the messages of one call may take, in tokens. */
  public static final int MAX_TOKENS = 600;

  /** From how many tokens on a call is worth its price at once. */
  public static final int WORTH_A_CALL = 150;

  /** For how long less than that waits for more. */
  public static final Duration GATHER_AT_MOST = Duration.ofSeconds(1);

  private static final int MAX_ATTEMPTS = 3;
  private static final int RECEIVED_AT_ONCE = 50;
  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final PostgresQueue queue;
  private final Schemas schemas;
  private final Settings settings;
  private final Units units = new Units();

  /** A service in this database, whose schemas are installed if they are missing. */
  public SummaryService(DataSource database, Schemas schemas, Settings settings)
      throws SQLException {
    new Summaries(database, schemas.host());
    this.queue = PostgresQueue.builder(database).schema(schemas.queue()).installSchema().build();
    this.schemas = schemas;
    this.settings = settings;
  }

  /**
   * Takes messages in, in their order, some at a time as they come in. Each has a weight: its
   * tokens.
   */
  public void feed(Input input) {
    List<Item<Message>> items = input.lines().stream().map(SummaryService::item).toList();
    for (int from = 0; from < items.size(); from += RECEIVED_AT_ONCE) {
      queue.enqueueAll(items.subList(from, Math.min(from + RECEIVED_AT_ONCE, items.size())));
    }
  }

  private static Item<Message> item(Input.Line line) {
    Message said = line.message();
    return Item.of(SummaryProcessor.TYPE, line.conversation(), said).weight(said.tokens());
  }

  /** A pool that works them, not yet started; whoever asks for it adds what else it needs. */
  public Pool.Builder pool(Summarizer summarizer) {
    Duration lease = settings.lease();
    return Pool.builder(queue.store())
        .name("quickstart")
        .slots(settings.slots())
        .lease(lease)
        .renewInterval(lease.dividedBy(6))
        .storeTimeout(lease.dividedBy(6))
        .reapInterval(lease.dividedBy(3))
        .closeTimeout(settings.drain())
        .processor(
            SummaryProcessor.TYPE,
            new SummaryProcessor(queue, summarizer, schemas.host(), units),
            limits ->
                limits
                    .timeout(settings.timeout())
                    .maxItems(100)
                    .maxWeight(MAX_TOKENS)
                    .gather(WORTH_A_CALL, GATHER_AT_MOST)
                    .maxAttempts(MAX_ATTEMPTS)
                    .backoff(BACKOFF));
  }

  /** How many messages have not ended yet. */
  public long pending() {
    return queue.counts(SummaryProcessor.TYPE.name()).pendingItems();
  }

  /** The units that its pools have had so far. */
  public Units units() {
    return units;
  }

  /** The queue, for those who operate it. */
  public PostgresQueue queue() {
    return queue;
  }
}
