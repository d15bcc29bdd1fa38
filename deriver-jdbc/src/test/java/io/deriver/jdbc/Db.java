package io.deriver.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.testkit.net.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** One Postgres for the test JVM, and a schema of it for each test class. */
public final class Db {

  private static final EmbeddedPostgres SERVER = start();

  /** For what tests look at and set up, so that looking does not cost a connection each time. */
  private static final HikariDataSource HANDS = hands();

  private final String schema;
  private final DataSource dataSource;

  private Db(String schema) {
    this.schema = schema;
    dataSource = dataSource("postgres");
  }

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder().setServerConfig("max_connections", "400").start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A server of the test's own on this data, which stays when the server ends.
   *
   * @param port 0 for any that is free
   */
  static EmbeddedPostgres serverOn(Path data, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .start();
  }

  private static HikariDataSource hands() {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(dataSource("postgres"));
    pool.setMaximumPoolSize(5);
    return pool;
  }

  /** A connection for looking and setting up; closed, it stays open for the next. */
  static Connection hand() throws SQLException {
    return HANDS.getConnection();
  }

  /** Whether the server bounds a whole transaction; those before Postgres 17 do not. */
  static boolean endsHalfDeliveredTransactions() {
    try (Connection connection = hand()) {
      return connection.getMetaData().getDatabaseMajorVersion() >= 17;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void stop(EmbeddedPostgres server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A schema that is there, and empty. */
  static Db installed(String schema) {
    Db db = new Db(schema);
    PostgresQueue.builder(db.dataSource).schema(schema).installSchema();
    db.empty();
    return db;
  }

  /** A schema that is not there. */
  static Db missing(String schema) {
    Db db = new Db(schema);
    db.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    return db;
  }

  public static PGSimpleDataSource dataSource(String user) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setPortNumbers(new int[] {SERVER.getPort()});
    source.setDatabaseName("postgres");
    source.setUser(user);
    source.setPassword("postgres");
    return source;
  }

  /** From now on this source's connections go through a network of the test's. */
  static TcpProxy through(PGSimpleDataSource source) {
    TcpProxy proxy = TcpProxy.toPostgres("localhost", source.getPortNumbers()[0]);
    source.setPortNumbers(new int[] {proxy.port()});
    return proxy;
  }

  String schema() {
    return schema;
  }

  DataSource dataSource() {
    return dataSource;
  }

  PostgresQueue queue() {
    return PostgresQueue.builder(dataSource).schema(schema).build();
  }

  void empty() {
    execute(
        """
        TRUNCATE deriver.type, deriver.item, deriver.inbox, deriver.head, deriver.segment, deriver.node,
          deriver.dead_letter, deriver.done
        """);
  }

  /** SQL that is written for the schema deriver. */
  String sql(String written) {
    return written.replaceAll("\\bderiver\\b", schema);
  }

  void execute(String sql) {
    try (Connection connection = hand();
        Statement statement = connection.createStatement()) {
      statement.execute(sql(sql));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The first column of the answer, as text. */
  List<@Nullable String> column(String sql) {
    try (Connection connection = hand()) {
      return column(connection, sql(sql));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  static List<@Nullable String> column(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<@Nullable String> column = new ArrayList<>();
      while (rows.next()) {
        column.add(rows.getString(1));
      }
      return column;
    }
  }

  long number(String sql) {
    return Long.parseLong(String.valueOf(column(sql).get(0)));
  }

  /** Brings leases, guards, rests and due times closer. What is due already stays where it is. */
  void age(java.time.Duration by) {
    String step = "interval '" + by.toMillis() + " milliseconds'";
    execute("UPDATE deriver.node SET expires_at = expires_at - " + step);
    execute("UPDATE deriver.head SET guard = guard - " + step + " WHERE guard IS NOT NULL");
    execute("UPDATE deriver.item SET due_at = due_at - " + step + " WHERE due_at IS NOT NULL");
    execute("UPDATE deriver.item SET enqueued_at = enqueued_at - " + step);
    execute("UPDATE deriver.dead_letter SET enqueued_at = enqueued_at - " + step);
    execute(
        "UPDATE deriver.done SET ended_at = ended_at - %1$s, enqueued_at = enqueued_at - %1$s"
            .formatted(step));
    execute("UPDATE deriver.head SET flushed_at = flushed_at - " + step);
    execute("UPDATE deriver.type SET flushed_at = flushed_at - " + step);
    execute(
        "UPDATE deriver.head SET available_at = greatest(clock_timestamp(), available_at - "
            + step
            + ") WHERE available_at > clock_timestamp()");
  }
}
