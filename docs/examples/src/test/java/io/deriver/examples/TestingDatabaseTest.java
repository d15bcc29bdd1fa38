package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.testkit.net.Direction;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import io.deriver.testkit.process.JavaProcess;
import io.deriver.testkit.process.Supervisor;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Guards that the samples about a hanging database and killed processes do what they say. */
@Timeout(300)
class TestingDatabaseTest {

  private static final Duration GENEROUS = Duration.ofMinutes(1);

  private final Database database = new Database();

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  private int port() {
    return Integer.parseInt(database.url().replaceAll(".*:(\\d+)/.*", "$1"));
  }

  private static Connection connect(TcpProxy proxy) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://localhost:" + proxy.port() + "/postgres?user=postgres&sslmode=disable");
  }

  @Test
  void theDatabaseHangsAtAStatement() throws Exception {
    database.execute("CREATE TABLE word (word text)");
    int port = port();
    // docs:start test-database
    try (TcpProxy proxy = TcpProxy.toPostgres("localhost", port);
        Connection connection = connect(proxy);
        Connection other = connect(proxy);
        Statement statement = connection.createStatement()) {
      Trap trap = proxy.hold("INSERT INTO word"); // it does not arrive
      CompletableFuture<Integer> insert =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return statement.executeUpdate("INSERT INTO word VALUES ('x')");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      await().until(() -> trap.holding() == 1);
      assertThat(other.isValid(10)).isTrue(); // the others go on

      trap.letGo(); // now it arrives, however late
      assertThat(insert.get()).isEqualTo(1);

      proxy.cutAnswer(1, "DELETE FROM word"); // done, and its answer lost
      assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM word"))
          .isInstanceOf(SQLException.class);
    }
    // docs:end
    assertThat(database.rows("SELECT count(*) FROM word")).containsExactly("0");
  }

  @Test
  void theNetworkHangsOneWay() throws Exception {
    int port = port();
    // docs:start test-network
    try (TcpProxy proxy = TcpProxy.toPostgres("localhost", port);
        Connection connection = connect(proxy)) {
      Trap frozen = proxy.freeze(Direction.TO_CLIENT); // what is asked arrives, no answer does
      assertThat(connection.isValid(1)).isFalse();
      frozen.letGo();

      proxy.delay(Duration.ofMillis(50), Direction.TO_SERVER); // a slow line from now on
      try (Connection slow = connect(proxy)) {
        assertThat(slow.isValid(10)).isTrue();
        proxy.cutAll(); // and a broken one
        assertThat(slow.isValid(10)).isFalse();
      }
    }
    // docs:end
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aProcessIsKilledAndAnotherGoesOn() throws Exception {
    PostgresQueue queue = PostgresQueue.builder(database.dataSource()).installSchema().build();
    String url = database.url();
    // docs:start test-kill
    try (JavaProcess killed = JavaProcess.of(HostProcess.class).args(url, "hang").start();
        JavaProcess other = JavaProcess.of(HostProcess.class).args(url).start()) {
      killed.awaitLine("ready", GENEROUS);
      other.awaitLine("ready", GENEROUS);
      other.stop(); // SIGSTOP: so that the first gets it
      queue.enqueue(Item.of(HostProcess.SUMMARY, "conversation:1", "hello"));
      killed.awaitLine("run conversation:1", GENEROUS);
      other.resume(); // SIGCONT

      killed.kill(); // SIGKILL, at this instant

      other.awaitLine("run conversation:1", GENEROUS); // once the lease has expired
    }
    // docs:end
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aProcessIsStartedAgain() throws Exception {
    PostgresQueue queue = PostgresQueue.builder(database.dataSource()).installSchema().build();
    String url = database.url();
    // docs:start test-supervise
    JavaProcess.Builder host = JavaProcess.of(HostProcess.class).args(url);
    try (Supervisor platform = Supervisor.start(host, Duration.ofMillis(200))) {
      platform.current().awaitLine("ready", GENEROUS);
      platform.current().kill();
      JavaProcess next = platform.awaitRestarts(1, GENEROUS);
      next.awaitLine("ready", GENEROUS);
      queue.enqueue(Item.of(HostProcess.SUMMARY, "conversation:2", "hello"));
      next.awaitLine("run conversation:2", GENEROUS);
    }
    // docs:end
  }
}
