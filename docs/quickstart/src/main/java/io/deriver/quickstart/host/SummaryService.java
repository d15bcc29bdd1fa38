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

  private static final int MAX_ATTEMPTS = 3;
  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final PostgresQueue queue;
  private final Schemas schemas;
  private final Settings settings;

  /** A service in this database, whose schemas are installed if they are missing. */
  public SummaryService(DataSource database, Schemas schemas, Settings settings)
      throws SQLException {
    new Summaries(database, schemas.host());
    this.queue = PostgresQueue.builder(database).schema(schemas.queue()).installSchema().build();
    this.schemas = schemas;
    this.settings = settings;
  }

  /** Takes messages in, in their order. */
  public void feed(Input input) {
    List<Item<Message>> items =
        input.lines().stream()
            .map(line -> Item.of(SummaryProcessor.TYPE, line.conversation(), line.message()))
            .toList();
    queue.enqueueAll(items);
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
            new SummaryProcessor(queue, summarizer, schemas.host()),
            limits ->
                limits
                    .timeout(settings.timeout())
                    .maxItems(100)
                    .maxAttempts(MAX_ATTEMPTS)
                    .backoff(BACKOFF));
  }

  /** How many messages have not ended yet. */
  public long pending() {
    return queue.counts(SummaryProcessor.TYPE.name()).pendingItems();
  }

  /** The queue, for those who operate it. */
  public PostgresQueue queue() {
    return queue;
  }
}
