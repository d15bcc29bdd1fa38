package io.deriver.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.host.SummaryService;
import io.deriver.quickstart.verify.Verification;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guards what the processes of a host share: one that is killed takes nothing with it, and one that
 * is told to stop costs no unit an attempt.
 */
class ProcessesTest {

  private static final Duration BOUND = Duration.ofSeconds(90);

  private final Settings settings = Settings.of(Map.of());
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
  void whatAKilledProcessHadInHandIsWorkedByTheOther(@TempDir Path folder) throws Exception {
    Subset subset = Subset.of(60);
    Verification check = new Verification(database.dataSource(), Schemas.SHARED);
    check.load(subset.input(), subset.poisoned());
    Map<String, String> environment = environment("1000", "4000", "1000");
    try (WorkProcess killed = WorkProcess.start(folder, "killed", environment);
        WorkProcess other = WorkProcess.start(folder, "other", environment)) {
      await().atMost(BOUND).until(() -> killed.lines("Process") + other.lines("Process") == 2);
      service.feed(Poison.mark(subset.input()));
      await().atMost(BOUND).until(() -> killed.lines("done") >= 5);
      killed.kill();
      assertThat(killed.lines("started"))
          .as("it was killed with runs in hand")
          .isGreaterThan(killed.lines("done"));

      await().atMost(BOUND).until(() -> service.pending() == 0);

      assertThat(other.lines("reaped")).as("%s", other.output()).isPositive();
      assertThat(check.problems()).isEmpty();
      assertThat(check.wrongTexts()).isEmpty();
    }
  }

  @Test
  void aProcessThatIsToldToStopGivesBackWhatItHadInHand(@TempDir Path folder) throws Exception {
    Input all = Input.load();
    Input hanging = Poison.mark(all).only(Poison.in(all)::containsKey);
    try (WorkProcess told =
        WorkProcess.start(folder, "told", environment("60000", "30000", "1000"))) {
      await().atMost(BOUND).until(() -> told.lines("Process") == 1);
      service.feed(hanging);
      await().atMost(BOUND).until(() -> told.lines("started") == 8);

      told.terminate();

      assertThat(told.endsWithin(8)).as("1 s of drain, 5 s for the store, and the JVM").isTrue();
      assertThat(unitsWaitingUnattempted()).as("%s", told.output()).isEqualTo(8);
    }
  }

  private Map<String, String> environment(String timeout, String lease, String drain) {
    Map<String, String> environment = new HashMap<>();
    environment.put("QUICKSTART_JDBC_URL", database.jdbcUrl());
    environment.put("QUICKSTART_DB_USER", "postgres");
    environment.put("QUICKSTART_TIMEOUT_MS", timeout);
    environment.put("QUICKSTART_LEASE_MS", lease);
    environment.put("QUICKSTART_DRAIN_MS", drain);
    return environment;
  }

  private int unitsWaitingUnattempted() throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select count(*) from quickstart_deriver.pending
                where attempts = 0 and state in ('waiting', 'not due')""")) {
      row.next();
      return row.getInt(1);
    }
  }
}
