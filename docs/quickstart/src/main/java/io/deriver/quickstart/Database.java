package io.deriver.quickstart;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database: the user's own, or one that is started here and thrown away on close. */
public final class Database implements AutoCloseable {

  /** Where the subcommand {@code postgres} listens, and the others look without a setting. */
  public static final int SHARED_PORT = 54329;

  /** A pool of deriver takes five connections for its own duties and keeps them. */
  private static final int KEPT_BY_A_POOL = 5;

  private static final int OTHERS = 3;
  private static final String NAME = "postgres";

  private final @Nullable EmbeddedPostgres embedded;
  private final HikariDataSource pool;

  private Database(@Nullable EmbeddedPostgres embedded, Settings.Login login, int connections) {
    this.embedded = embedded;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(login.jdbcUrl());
    config.setUsername(login.user());
    config.setPassword(login.password());
    config.setMaximumPoolSize(connections);
    config.setPoolName("quickstart");
    this.pool = new HikariDataSource(config);
  }

  /** The user's own Postgres if the settings name one, else a new embedded one. */
  public static Database open(Settings settings) {
    Settings.Login login = settings.database();
    if (login != null) {
      return new Database(null, login, connections(settings));
    }
    EmbeddedPostgres postgres = embedded(0);
    return new Database(postgres, login(postgres), connections(settings));
  }

  /** The user's own Postgres if the settings name one, else that of the subcommand. */
  public static Database shared(Settings settings) {
    Settings.Login login = settings.database();
    return new Database(
        null,
        login != null
            ? login
            : new Settings.Login(
                "jdbc:postgresql://localhost:%d/%s".formatted(SHARED_PORT, NAME), NAME, NAME),
        connections(settings));
  }

  /** A new embedded Postgres on this port; 0 for any. */
  public static EmbeddedPostgres embedded(int port) {
    try {
      return EmbeddedPostgres.builder().setPort(port).start();
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded Postgres did not start", e);
    }
  }

  private static Settings.Login login(EmbeddedPostgres postgres) {
    return new Settings.Login(postgres.getJdbcUrl(NAME, NAME), NAME, NAME);
  }

  private static int connections(Settings settings) {
    return settings.slots() + KEPT_BY_A_POOL + OTHERS;
  }

  /** Connections to it. */
  public DataSource dataSource() {
    return pool;
  }

  /** Where it is. */
  public String jdbcUrl() {
    return pool.getJdbcUrl();
  }

  @Override
  public void close() {
    pool.close();
    if (embedded != null) {
      try {
        embedded.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded Postgres did not stop", e);
      }
    }
  }
}
