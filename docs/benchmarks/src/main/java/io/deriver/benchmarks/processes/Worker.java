package io.deriver.benchmarks.processes;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Pool;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;

/**
 * One of the processes: a pool that works when it is told to. Takes the URL of Postgres and what a
 * call takes, in microseconds. It says {@code ready}, then obeys its standard input, a word a line,
 * until that ends.
 */
public final class Worker {

  static final String APPLICATION = "bench-process";
  static final int SLOTS = 10;

  /** To work; it answers by {@link Progress}. */
  static final String GO = "go";

  /** To stop claiming, and to forget what it did; it answers {@code rested}. */
  static final String REST = "rest";

  /** To tell which items it did; it answers {@code did} and {@link Numbers#written()}. */
  static final String TELL = "tell";

  private static final int CONNECTIONS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Pool pool;
  private final Calls calls;
  private final Progress progress;

  private Worker(Pool pool, Calls calls) {
    this.pool = pool;
    this.calls = calls;
    this.progress = new Progress(() -> pool.work(Library.NOOP).itemsCompleted());
  }

  /** Works until its standard input ends. */
  public static void main(String[] args) throws IOException, SQLException {
    Calls calls = new Calls(Long.parseLong(args[1]));
    try (Server server = Server.open(args[0]);
        HikariDataSource connections = server.connections(APPLICATION, CONNECTIONS);
        Pool pool = start(connections, calls)) {
      new Worker(pool, calls).obey();
    }
  }

  private static Pool start(HikariDataSource connections, Calls calls) {
    PostgresQueue queue = PostgresQueue.builder(connections).schema(Server.SCHEMA).build();
    Pool pool =
        Pool.builder(queue.store())
            .name("bench")
            .slots(SLOTS)
            .processor(Library.NOOP, calls)
            .start();
    pool.pause();
    return pool;
  }

  private void obey() throws IOException, SQLException {
    progress.start();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String word = input.readLine(); word != null; word = input.readLine()) {
      switch (word) {
        case GO -> pool.resume();
        case REST -> rest();
        case TELL -> System.out.println("did " + calls.numbers().written());
        default -> throw new IllegalArgumentException("unknown: " + word);
      }
    }
  }

  private void rest() throws SQLException {
    pool.pause();
    Wait.until("the pool to rest", PATIENCE, this::rests);
    calls.forget();
    progress.forget();
    System.out.println("rested");
  }

  private boolean rests() {
    return pool.health().live() == 0
        && pool.health().unwritten() == 0
        && pool.health().duty("dispatcher").passing().isZero();
  }
}
