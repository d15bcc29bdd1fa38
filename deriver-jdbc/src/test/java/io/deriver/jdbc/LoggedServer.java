package io.deriver.jdbc;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A Postgres of its own, in whose log each line begins with a SQLSTATE. */
final class LoggedServer implements AutoCloseable {

  private static final String MARK = "DV999";

  private final EmbeddedPostgres server;
  private final DataSource source;

  /** One connection for all looks, so that looking costs none each time. */
  private final Handle looks;

  LoggedServer() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setServerConfig("logging_collector", "on")
            .setServerConfig("log_filename", "server.log")
            .setServerConfig("log_rotation_age", "0")
            .setServerConfig("log_rotation_size", "0")
            .setServerConfig("log_line_prefix", "%e:")
            .start();
    source = server.getPostgresDatabase();
    looks = Jdbi.create(source).open();
  }

  int port() {
    return server.getPort();
  }

  DataSource source() {
    return source;
  }

  synchronized void execute(String sql) {
    looks.execute(sql);
  }

  synchronized long number(String sql) {
    return looks.createQuery(sql).mapTo(Long.class).one();
  }

  long deadlocks() {
    return number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  }

  /** The errors in its log so far, each a SQLSTATE and a text. */
  List<String> errors() {
    // The log is written by a process of its own: when it has written this, it has all before it.
    execute("DO $$ BEGIN RAISE WARNING USING ERRCODE = '" + MARK + "', MESSAGE = 'so far'; END $$");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> log().stream().anyMatch(line -> line.startsWith(MARK)));
    return log().stream()
        .filter(line -> line.matches("[0-9A-Z]{5}:(ERROR|FATAL|PANIC): .*"))
        // Who asks whether it is up yet is told so.
        .filter(line -> !line.startsWith("57P03:"))
        .toList();
  }

  private synchronized List<String> log() {
    return looks
        .createQuery("SELECT pg_read_file(pg_current_logfile())")
        .mapTo(String.class)
        .one()
        .lines()
        .toList();
  }

  @Override
  public void close() {
    looks.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
