package io.deriver.quickstart;

import static io.deriver.quickstart.host.SummaryService.GATHER_AT_MOST;
import static io.deriver.quickstart.host.SummaryService.MAX_TOKENS;
import static io.deriver.quickstart.host.SummaryService.WORTH_A_CALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Cut;
import io.deriver.Pool;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Message;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.host.SummaryService;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guards that the host's units go by tokens and age. */
class BatchesTest {

  private static final Duration BOUND = Duration.ofSeconds(90);

  private final Settings settings = Settings.of(Map.of("QUICKSTART_TIMEOUT_MS", "60000"));
  private Database database;
  private SummaryService service;

  @BeforeEach
  void open() throws SQLException {
    database = Database.open(settings);
    service = new SummaryService(database.dataSource(), Schemas.SHARED, settings);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aConversationOverTheTokensOfACallIsCutByThem() throws Exception {
    Input heaviest = conversation(Comparator.reverseOrder());
    assertThat(tokens(heaviest)).isBetween(2 * MAX_TOKENS, 3 * MAX_TOKENS);

    work(heaviest);

    assertThat(service.units().count().byCut())
        .isEqualTo(Map.of(Cut.MAX_WEIGHT, 2, Cut.NOTHING, 1));
    assertThat(service.units().count().messages()).isEqualTo(heaviest.lines().size());
  }

  @Test
  void aConversationThatIsNotWorthACallWaitsForItsAge() throws Exception {
    Input lightest = conversation(Comparator.naturalOrder());
    assertThat(tokens(lightest)).isLessThan(WORTH_A_CALL);
    Instant before = database("select clock_timestamp()");

    work(lightest);

    assertThat(service.units().count().byCut()).isEqualTo(Map.of(Cut.NOTHING, 1));
    assertThat(database("select min(written_at) from quickstart.summary"))
        .isAfterOrEqualTo(before.plus(GATHER_AT_MOST));
  }

  /** It is all there before the pool is: what the units hold does not hang on who is quicker. */
  @SuppressWarnings("try") // the pool works, and is asked nothing
  private void work(Input input) throws Exception {
    service.feed(input);
    try (Llm llm = Llm.of(null, Duration.ofSeconds(1));
        Summarizer summarizer = new Summarizer(llm.endpoint());
        Pool pool = service.pool(summarizer).start()) {
      await().atMost(BOUND).until(() -> service.pending() == 0);
      assertThat(llm.callCount()).isEqualTo(service.units().count().units());
    }
  }

  private static Input conversation(Comparator<Integer> first) {
    Input all = Input.load();
    String key =
        all.conversations().keySet().stream()
            .filter(one -> !Poison.conversations(all).contains(one))
            .min(Comparator.comparing(one -> tokens(all.only(one::equals)), first))
            .orElseThrow();
    return all.only(key::equals);
  }

  private static int tokens(Input input) {
    return input.lines().stream().map(Input.Line::message).mapToInt(Message::tokens).sum();
  }

  private Instant database(String query) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }
}
