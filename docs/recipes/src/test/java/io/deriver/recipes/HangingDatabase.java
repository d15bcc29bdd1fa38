package io.deriver.recipes;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.ds.PGSimpleDataSource;

/** A Postgres of the test's own, the ways to hang on it, and pgjdbc. An id is a statement. */
final class HangingDatabase implements AutoCloseable, Peer {

  static final String SLEEP = "`pg_sleep`";
  static final String SILENCE = "silent network";
  static final List<String> SHAPES = List.of(SLEEP, SILENCE);

  private static final String CANCEL = "`Statement.cancel()`";
  private static final String CLOSE = "`Statement.close()`";
  private static final String CONNECTION_CLOSE = "`Connection.close()`";
  private static final String ABORT = "`Connection.abort(..)`";

  private final EmbeddedPostgres postgres;
  private final Connection eyes;
  private final Map<String, SilentNetwork> networks = new ConcurrentHashMap<>();

  HangingDatabase() throws IOException, SQLException {
    postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", "200").start();
    eyes = postgres.getPostgresDatabase().getConnection();
  }

  /** A statement that hangs so; no other is the same. */
  static String statement(String shape, long number) {
    return shape.equals(SLEEP)
        ? "SELECT pg_sleep(600) AS call_" + number
        : "SELECT 1 AS " + SilentNetwork.WORD + "_" + number;
  }

  Client client() {
    return new Client(
        "pgjdbc 42.7.14",
        List.of(CANCEL, CLOSE, CONNECTION_CLOSE, ABORT),
        unused -> this::query,
        (id, run) -> calls(id).query(id, run));
  }

  private JdbcCalls calls(String statement) throws IOException {
    PGSimpleDataSource source = dataSource(statement);
    // docs:start jdbc-settings
    source.setCancelSignalTimeout(2); // seconds that a cancel may take: its default is 10
    source.setOptions("-c client_connection_check_interval=1s"); // no query outlives its client
    // docs:end
    return new JdbcCalls(source, Duration.ofSeconds(2));
  }

  private void query(String id, Handles handles) throws SQLException, IOException {
    try (Connection connection = dataSource(id).getConnection();
        Statement statement = connection.createStatement()) {
      handles.offer(CANCEL, statement::cancel);
      handles.offer(CLOSE, statement);
      handles.offer(CONNECTION_CLOSE, connection);
      handles.offer(ABORT, () -> connection.abort(Runnable::run));
      statement.execute(id);
    }
  }

  private PGSimpleDataSource dataSource(String statement) throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setPortNumbers(new int[] {port(statement)});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    source.setPassword("postgres");
    return source;
  }

  private int port(String statement) throws IOException {
    if (!statement.contains(SilentNetwork.WORD)) {
      return postgres.getPort();
    }
    SilentNetwork network = new SilentNetwork(postgres.getPort());
    networks.put(statement, network);
    return network.port();
  }

  @Override
  public boolean holds(String statement) {
    if (statement.contains(SilentNetwork.WORD)) {
      SilentNetwork network = networks.get(statement);
      return network != null && network.holds();
    }
    return isRunning(statement);
  }

  private synchronized boolean isRunning(String statement) {
    try (PreparedStatement query =
        eyes.prepareStatement(
            "SELECT FROM pg_stat_activity WHERE state = 'active' AND query = ?")) {
      query.setString(1, statement);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (SilentNetwork network : networks.values()) {
      network.close();
    }
    postgres.close();
  }
}
