package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.measure.Counted;
import io.deriver.benchmarks.measure.Spread;
import io.deriver.benchmarks.measure.Times;
import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Calls that are alike, each timed, and its blocks counted. Used by one thread. */
final class Calls implements AutoCloseable {

  private static final int HALF = 50;

  private final Connection control;
  private final String statement;
  private final Times times = new Times();
  private final List<Double> buffers = new ArrayList<>();
  private final List<Double> serverMillis = new ArrayList<>();

  /**
   * @param statement what the calls' statement has in its text, and no other has that is sent
   *     meanwhile
   */
  Calls(Server server, String statement) throws SQLException {
    this.statement = statement;
    control = server.control();
    // The fewer the server knows, the sooner it has read their counts.
    try (Statement reset = control.createStatement()) {
      reset.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
      reset.execute("SELECT %s pg_stat_statements_reset()".formatted(Server.CONTROL));
    }
  }

  /** One more. */
  <T> T measured(Supplier<T> call) throws SQLException {
    double buffersBefore = counted(Counted.BUFFERS);
    double millisBefore = counted(Counted.MILLIS);
    long start = System.nanoTime();
    T answer = call.get();
    times.add(System.nanoTime() - start);
    buffers.add(counted(Counted.BUFFERS) - buffersBefore);
    serverMillis.add(counted(Counted.MILLIS) - millisBefore);
    return answer;
  }

  private double counted(Counted what) throws SQLException {
    return what.in(control, statement);
  }

  /** What the one in the middle took, in ms. */
  double millis() {
    return times.millis(HALF);
  }

  /** How long the server took to execute the one in the middle, in ms, without its commit. */
  double serverMillis() {
    return Spread.of(serverMillis).median();
  }

  /** How many blocks they touched. */
  Spread buffers() {
    return Spread.of(buffers);
  }

  /** All of it, by the names of tables. */
  Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("blocks", buffers().median());
    figures.put("most blocks", buffers().max());
    figures.put("server ms", serverMillis());
    figures.put("ms", millis());
    return figures;
  }

  @Override
  public void close() throws SQLException {
    control.close();
  }
}
