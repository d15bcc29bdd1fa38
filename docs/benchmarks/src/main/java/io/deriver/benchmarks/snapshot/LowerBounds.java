package io.deriver.benchmarks.snapshot;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.OffsetDateTime;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether claims read from lower bounds, by what they are told on their connections. A call
 * that looks once more, from zero, is told two times. Thread-safe.
 */
final class LowerBounds {

  // Such a bound is below all stamps there are.
  private static final int ZERO = 2000;

  private volatile boolean fromZero;

  /** The connections, watched. */
  DataSource watching(DataSource source) {
    return Around.of(
        DataSource.class,
        source,
        (method, arguments, target) -> {
          Object answer = target.call();
          return answer instanceof Connection connection ? watching(connection) : answer;
        });
  }

  private Connection watching(Connection connection) {
    return Around.of(
        Connection.class,
        connection,
        (method, arguments, target) -> {
          if (method.getName().equals("createArrayOf") && arguments != null) {
            see(arguments[0], (Object[]) arguments[1]);
          }
          Object answer = target.call();
          return answer instanceof PreparedStatement statement ? watching(statement) : answer;
        });
  }

  // Arrays are made by the connection that a statement says it is of.
  private PreparedStatement watching(PreparedStatement statement) {
    return Around.of(
        PreparedStatement.class,
        statement,
        (method, arguments, target) -> {
          Object answer = target.call();
          return answer instanceof Connection connection ? watching(connection) : answer;
        });
  }

  private void see(Object type, @Nullable Object[] elements) {
    // Nothing else that is sent has an array of these.
    if (type.equals("timestamptz")
        && Stream.of(elements)
            .allMatch(bound -> bound instanceof OffsetDateTime at && at.getYear() == ZERO)) {
      fromZero = true;
    }
  }

  /** Whether a claim since the last call read from zero. */
  boolean takeFromZero() {
    boolean taken = fromZero;
    fromZero = false;
    return taken;
  }
}
