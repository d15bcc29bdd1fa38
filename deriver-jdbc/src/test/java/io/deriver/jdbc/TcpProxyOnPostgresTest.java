package io.deriver.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Guards that the proxy knows the driver's statements, whichever way it sends them: as text, or by
 * the name under which the server has them prepared.
 */
class TcpProxyOnPostgresTest {

  private static final Db DB = Db.installed("tcp_proxy");
  private static final String INSERT = "INSERT INTO tcp_proxy.word VALUES (?)";

  private final PGSimpleDataSource source = Db.dataSource("postgres");

  @BeforeEach
  void emptyTable() {
    DB.execute("DROP TABLE IF EXISTS deriver.word; CREATE TABLE deriver.word (word text)");
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  private static void insert(Connection connection, String word) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, word);
      statement.execute();
    }
  }

  private static long words() {
    return DB.number("SELECT count(*) FROM deriver.word");
  }

  @ParameterizedTest(name = "{0}, prepared on the server from time {1}")
  @CsvSource({"extended, 0", "extended, 1", "extended, 3", "simple, 0", "extendedForPrepared, 5"})
  void holdsAStatementByItsTextAndParametersOnItsConnectionOnly(String mode, int threshold)
      throws Exception {
    source.setProperty("preferQueryMode", mode);
    source.setPrepareThreshold(threshold);
    JoinedThreads threads = new JoinedThreads();
    try (TcpProxy proxy = Db.through(source);
        Connection one = source.getConnection();
        Connection other = source.getConnection()) {
      for (int i = 0; i < 5; i++) {
        insert(one, "before");
      }
      Trap trap = proxy.hold("tcp_proxy.word", "held");
      insert(one, "passes");
      threads.start(() -> insert(one, "held"));
      until(() -> trap.holding() == 1);
      insert(other, "goes on");
      assertThat(words()).isEqualTo(7);
      trap.letGo();
      threads.join();
      assertThat(words()).isEqualTo(8);
      assertThat(trap.caught()).isEqualTo(1);
    }
  }

  @Test
  void cutsBeforeOrAfterTheServerHasDoneIt() throws Exception {
    try (TcpProxy proxy = Db.through(source)) {
      Trap before = proxy.cut(1, "tcp_proxy.word");
      try (Connection connection = source.getConnection()) {
        assertThatThrownBy(() -> insert(connection, "x")).isInstanceOf(SQLException.class);
      }
      assertThat(words()).isZero();
      Trap after = proxy.cutAnswer(1, "tcp_proxy.word");
      try (Connection connection = source.getConnection()) {
        assertThatThrownBy(() -> insert(connection, "x")).isInstanceOf(SQLException.class);
      }
      assertThat(words()).isEqualTo(1);
      try (Connection connection = source.getConnection()) {
        insert(connection, "x");
      }
      assertThat(before.caught() + after.caught()).isEqualTo(2);
    }
  }

  @Test
  void leavesTheServerInTheMiddleOfARequest() throws Exception {
    JoinedThreads threads = new JoinedThreads();
    source.setPrepareThreshold(0);
    try (TcpProxy proxy = Db.through(source);
        Connection connection = source.getConnection()) {
      Trap trap = proxy.holdBehind("tcp_proxy.word");
      threads.start(
          () -> {
            try (PreparedStatement both =
                connection.prepareStatement("BEGIN;" + INSERT + "; COMMIT")) {
              both.setString(1, "x");
              both.execute();
            }
          });
      until(() -> trap.holding() == 1);
      until(
          () ->
              DB.number(
                      "SELECT count(*) FROM pg_locks WHERE relation = 'deriver.word'::regclass"
                          + " AND mode = 'RowExclusiveLock'")
                  == 1);
      assertThat(words()).isZero();
      trap.letGo();
      threads.join();
      assertThat(words()).isEqualTo(1);
    }
  }

  @Test
  void losesTheAnswerToTheRequestThatIsMeantThoughOthersStandBeforeIt() throws Exception {
    try (TcpProxy proxy = Db.through(source);
        Connection holder = Db.hand();
        Socket socket = new Socket("localhost", proxy.port())) {
      socket.setSoTimeout(20_000);
      Trap trap = proxy.cutAnswer(1, "tcp_proxy.word");
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] user = "user\0postgres\0\0".getBytes(UTF_8);
      out.writeInt(8 + user.length);
      out.writeInt(196608);
      out.write(user);
      assertThat(untilReady(in)).isEmpty();

      ByteArrayOutputStream both = new ByteArrayOutputStream();
      for (String query :
          new String[] {
            "SELECT 'first ' || pg_sleep(0.2)", "INSERT INTO tcp_proxy.word VALUES ('x')"
          }) {
        byte[] text = (query + '\0').getBytes(UTF_8);
        both.write('Q');
        both.writeBytes(ByteBuffer.allocate(4).putInt(4 + text.length).array());
        both.writeBytes(text);
      }
      out.write(both.toByteArray());

      assertThat(untilReady(in)).contains("first ");
      assertThat(in.read()).isNegative();
      assertThat(trap.caught()).isEqualTo(1);
      assertThat(Db.column(holder, "SELECT word FROM tcp_proxy.word")).containsExactly("x");
    }
  }

  /** The rows of one answer, as they come. */
  private static String untilReady(DataInputStream in) throws IOException {
    StringBuilder rows = new StringBuilder();
    while (true) {
      int type = in.readByte();
      byte[] body = in.readNBytes(in.readInt() - 4);
      if (type == 'D') {
        rows.append(new String(body, UTF_8));
      } else if (type == 'Z') {
        return rows.toString();
      }
    }
  }
}
