package io.deriver.jdbc;

import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.postgresql.ds.PGSimpleDataSource;

/** A Postgres of its own, durable as one in production, that can be killed and started again. */
final class CrashingServer implements AutoCloseable {

  private final Path data;
  private EmbeddedPostgres server;

  CrashingServer(Path data) throws IOException {
    this.data = data;
    server = start(0);
  }

  private EmbeddedPostgres start(int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("synchronous_commit", "on")
        .start();
  }

  PGSimpleDataSource dataSource() {
    PGSimpleDataSource source = Db.dataSource("postgres");
    source.setPortNumbers(new int[] {server.getPort()});
    return source;
  }

  /** SIGKILL for the server and for each of its processes, whatever they are doing. */
  void crash() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
    ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(List.of(postmaster));
    all.addAll(postmaster.descendants().toList());
    all.forEach(ProcessHandle::destroyForcibly);
    until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    // Nothing is left to stop; this lets go of the data directory.
    server.close();
  }

  /** Starts it where it was, so that it recovers from its log. */
  void startAgain() {
    int port = server.getPort();
    until(
        () -> {
          try {
            server = start(port);
            return true;
          } catch (IOException | IllegalStateException e) {
            return false;
          }
        });
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20)).until(condition);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
