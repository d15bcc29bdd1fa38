package io.deriver.jdbc.internal;

import io.deriver.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one duty: taken once and kept, every call bounded in time, thrown away after
 * any failure and taken anew at the next call. Used by one thread at a time; {@link #close} from
 * any.
 */
final class ControlConnection implements AutoCloseable {

  private static final Duration SERVER_FIRST = Duration.ofMillis(200);

  /** How much longer than its statement a transaction may take, and is over before the call is. */
  static final Duration TO_COMMIT = SERVER_FIRST.dividedBy(2);

  private final String duty;
  private final SchemaName schema;
  private final Duration limit;
  private final SideThreads side;
  private final ConnectionTaker taker;
  private volatile @Nullable TakenConnection current;
  private volatile boolean closed;
  private volatile boolean busy;

  ControlConnection(String duty, StoreParts parts, Duration limit, SideThreads side) {
    this.duty = duty;
    this.schema = parts.schema();
    this.limit = limit;
    this.side = side;
    taker =
        new ConnectionTaker(
            duty, parts.control(), limit.plus(SERVER_FIRST), parts.prepares(), side);
  }

  /**
   * Does this on the connection.
   *
   * @throws StoreException if it fails or takes longer than the limit
   */
  <T> T call(String doing, Call<T> call) {
    // Before anything is looked at, so that close() sees this call, or this call sees the close.
    busy = true;
    try {
      return within(doing, call);
    } finally {
      busy = false;
    }
  }

  private <T> T within(String doing, Call<T> call) {
    long end = System.nanoTime() + limit.plus(SERVER_FIRST).toNanos();
    TakenConnection taken = take(doing, end);
    CutOff cutOff = CutOff.after(side, end - System.nanoTime(), "abort-" + duty, taken);
    boolean sound = false;
    try {
      T answer = call.on(taken.connection());
      sound = true;
      return answer;
    } catch (SQLException e) {
      throw SqlErrors.explain(doing, schema, e);
    } finally {
      sound &= cutOff.disarm();
      if (!sound) {
        current = null;
        throwAway(taken);
      }
    }
  }

  private TakenConnection take(String doing, long end) {
    if (closed) {
      throw new StoreException("could not " + doing + ": the node has left the store", null);
    }
    TakenConnection kept = current;
    if (kept != null) {
      return kept;
    }
    try {
      TakenConnection taken = taker.take(end);
      current = taken;
      if (closed) {
        throwAway(taken);
        throw new StoreException("could not " + doing + ": the node has left the store", null);
      }
      return taken;
    } catch (SQLException e) {
      throw SqlErrors.explain(doing, schema, e);
    } catch (TimeoutException e) {
      throw new StoreException(
          ("could not %s: the DataSource gave no connection for '%s' within %s; deriver keeps a few"
                  + " connections for itself: give the pool more, or set maintenanceDataSource")
              .formatted(doing, duty, limit),
          e);
    }
  }

  private void throwAway(TakenConnection taken) {
    side.run(
        "discard-" + duty,
        () -> {
          try {
            taken.abort();
          } finally {
            taken.connection().close();
          }
        });
  }

  /** Gives the connection back, on a side thread; a call that is under way is cut off. */
  @Override
  public void close() {
    closed = true;
    TakenConnection taken = current;
    current = null;
    if (taken != null && busy) {
      throwAway(taken);
    } else if (taken != null) {
      side.run("close-" + duty, taken::close);
    }
    taker.close();
  }

  /** What is done on the connection. */
  @FunctionalInterface
  interface Call<T> {
    T on(Connection connection) throws SQLException;
  }
}
