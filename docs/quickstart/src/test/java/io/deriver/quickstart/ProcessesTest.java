package io.deriver.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Poison;
import io.deriver.quickstart.host.SummaryService;
import io.deriver.quickstart.verify.Verification;
import io.deriver.testkit.process.JavaProcess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Guards what the processes of a host share: one that is killed takes nothing with it, and one that
 * is told to stop costs no unit an attempt.
 */
class ProcessesTest {

  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final Duration DRAIN_AND_STORE_AND_JVM = Duration.ofSeconds(1 + 5 + 2);

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
  void whatAKilledProcessHadInHandIsWorkedByTheOther() throws Exception {
    Subset subset = Subset.of(60);
    Verification check = new Verification(database.dataSource(), Schemas.SHARED);
    check.load(subset.input(), subset.poisoned().keySet());
    JavaProcess.Builder host = host("2000", "4000", "1000");
    try (JavaProcess killed = host.name("killed").start();
        JavaProcess other = host.name("other").start()) {
      killed.awaitLine("Process", BOUND);
      other.awaitLine("Process", BOUND);
      service.feed(Poison.mark(subset.input()));
      killed.awaitLines("done", 5, BOUND);
      killed.kill();
      assertThat(lines(killed, "started"))
          .as("it was killed with runs in hand")
          .isGreaterThan(lines(killed, "done"));

      await().atMost(BOUND).until(() -> service.pending() == 0);

      assertThat(lines(other, "reaped")).as("%s", other.lines()).isPositive();
      assertThat(check.problems()).isEmpty();
      assertThat(check.wrongTexts()).isEmpty();
    }
  }

  @Test
  void aProcessThatIsToldToStopGivesBackWhatItHadInHand() throws Exception {
    Input all = Input.load();
    Input hanging = Poison.mark(all).only(Poison.conversations(all)::contains);
    try (JavaProcess told = host("60000", "30000", "1000").name("told").start()) {
      told.awaitLine("Process", BOUND);
      service.feed(hanging);
      told.awaitLines("started", 8, BOUND);

      told.terminate();

      int code = told.awaitExit(DRAIN_AND_STORE_AND_JVM);
      assertThat(unitsWaitingUnattempted()).as("%d %s", code, told.lines()).isEqualTo(8);
    }
  }

  private JavaProcess.Builder host(String timeout, String lease, String drain) {
    return JavaProcess.of(Quickstart.class)
        .args("work")
        .env("QUICKSTART_JDBC_URL", database.jdbcUrl())
        .env("QUICKSTART_DB_USER", "postgres")
        .env("QUICKSTART_TIMEOUT_MS", timeout)
        .env("QUICKSTART_LEASE_MS", lease)
        .env("QUICKSTART_DRAIN_MS", drain);
  }

  private static long lines(JavaProcess process, String beginning) {
    return process.lines().stream().filter(line -> line.startsWith(beginning)).count();
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
