package io.deriver.benchmarks.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Postgres: the user's own, or one that is started here and thrown away on close. */
public final class Server implements AutoCloseable {

  /** The schema that each contestant finds empty. */
  public static final String SCHEMA = "bench";

  /** What this side of the benchmarks puts into its own statements, so that none counts them. */
  public static final String CONTROL = "/* bench control */";

  private final @Nullable EmbeddedPostgres embedded;
  private final String url;
  private final PGSimpleDataSource source = new PGSimpleDataSource();

  private Server(@Nullable EmbeddedPostgres embedded, String url) {
    this.embedded = embedded;
    this.url = url;
    source.setUrl(url);
    source.setApplicationName("bench-control");
  }

  /**
   * Opens it.
   *
   * @param url of the user's own, with user and password, for a superuser; null for an embedded one
   */
  public static Server open(@Nullable String url) {
    if (url != null) {
      return new Server(null, url);
    }
    try {
      EmbeddedPostgres server = durable(EmbeddedPostgres.builder()).start();
      return new Server(server, server.getJdbcUrl("postgres", "postgres"));
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded Postgres did not start", e);
    }
  }

  // As Postgres is by default: the embedded one comes with fsync and synchronous_commit off. No
  // checkpoint is due within a round, for the first change of each page after one costs 8 kB of
  // WAL.
  private static EmbeddedPostgres.Builder durable(EmbeddedPostgres.Builder builder) {
    return builder
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("shared_buffers", "512MB")
        .setServerConfig("max_wal_size", "8GB")
        .setServerConfig("checkpoint_timeout", "1h")
        .setServerConfig("max_connections", "200")
        .setServerConfig("shared_preload_libraries", "pg_stat_statements");
  }

  /** Its URL, with user and password, for another process. */
  public String url() {
    return url;
  }

  /** A connection of the benchmarks' own, whose work is not counted. */
  public Connection control() throws SQLException {
    return source.getConnection();
  }

  /** Connections of a contestant, all of them open. */
  public HikariDataSource connections(String application, int count) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(source.getURL());
    config.setUsername(source.getUser());
    config.setPassword(source.getPassword());
    config.addDataSourceProperty("ApplicationName", application);
    config.setPoolName(application);
    config.setMaximumPoolSize(count);
    HikariDataSource pool = new HikariDataSource(config);
    opened(pool, count);
    return pool;
  }

  private static void opened(HikariDataSource pool, int count) {
    List<Connection> taken = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        taken.add(pool.getConnection());
      }
      for (Connection connection : taken) {
        connection.close();
      }
    } catch (SQLException e) {
      pool.close();
      throw new IllegalStateException(
          "Postgres gave %d of %d connections".formatted(taken.size(), count), e);
    }
  }

  /** Runs statements that answer nothing. */
  public void execute(String... statements) throws SQLException {
    try (Connection connection = control();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The one value that a query answers, as text. */
  public String value(String sql) throws SQLException {
    try (Connection connection = control();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** Leaves a schema's tables as autovacuum does in the end: statistics true, pages marked. */
  public void vacuum(String schema) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Connection connection = control();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '%s'"
                    .formatted(schema))) {
      while (row.next()) {
        tables.add("VACUUM (ANALYZE) " + row.getString(1));
      }
    }
    execute(tables.toArray(String[]::new));
  }

  @Override
  public void close() {
    if (embedded != null) {
      try {
        embedded.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded Postgres did not stop", e);
      }
    }
  }
}
