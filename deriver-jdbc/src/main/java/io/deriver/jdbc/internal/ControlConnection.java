package io.deriver.jdbc.internal;

import io.deriver.spi.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one duty: taken once and kept, every call bounded in time, thrown away after
 * any failure and taken anew at the next call. Used by one thread at a time; {@link #close} from
 * any.
 */
final class ControlConnection implements AutoCloseable {

  private static final Duration SERVER_FIRST = Duration.ofMillis(200);

  private final String duty;
  private final DataSource source;
  private final SchemaName schema;
  private final Duration limit;
  private final SideThreads side;
  private volatile @Nullable TakenConnection current;
  private volatile boolean closed;
  private volatile boolean busy;
  private volatile @Nullable CompletableFuture<TakenConnection> coming;

  ControlConnection(
      String duty, DataSource source, SchemaName schema, Duration limit, SideThreads side) {
    this.duty = duty;
    this.source = source;
    this.schema = schema;
    this.limit = limit;
    this.side = side;
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
    AtomicBoolean over = new AtomicBoolean();
    Future<?> abort =
        side.after(
            end - System.nanoTime(),
            "abort-" + duty,
            () -> {
              if (over.compareAndSet(false, true)) {
                taken.abort();
              }
            });
    boolean sound = false;
    try {
      T answer = call.on(taken.connection());
      sound = true;
      return answer;
    } catch (SQLException e) {
      throw SqlErrors.explain(doing, schema, e);
    } finally {
      abort.cancel(false);
      sound &= over.compareAndSet(false, true);
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
      TakenConnection taken = obtain(end);
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

  // getConnection() can hang for good, so it has a thread of its own. One that has not come yet is
  // waited for again by the next call: a second one would hang beside it.
  private TakenConnection obtain(long end) throws SQLException, TimeoutException {
    CompletableFuture<TakenConnection> future = coming;
    if (future == null) {
      CompletableFuture<TakenConnection> started = new CompletableFuture<>();
      side.run(
          "connect-" + duty,
          () -> {
            try {
              TakenConnection taken = TakenConnection.from(source, limit.plus(SERVER_FIRST));
              started.complete(taken);
              if (closed) {
                taken.close();
              }
            } catch (Throwable e) {
              started.completeExceptionally(e);
            }
          });
      future = started;
      coming = future;
    }
    TakenConnection taken = await(future, end);
    coming = null;
    return taken;
  }

  // An interrupt of the caller must not cost it the connection: it is remembered, not obeyed.
  private TakenConnection await(CompletableFuture<TakenConnection> future, long end)
      throws SQLException, TimeoutException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          coming = null;
          if (e.getCause() instanceof SQLException failure) {
            throw failure;
          }
          throw new SQLException("the DataSource failed: " + e.getCause(), "08001", e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
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
    CompletableFuture<TakenConnection> late = coming;
    if (late != null) {
      // It came after its call had given up, or will: nobody takes it any more.
      var unused = late.thenAccept(its -> side.run("close-" + duty, its::close));
    }
  }

  /** What is done on the connection. */
  @FunctionalInterface
  interface Call<T> {
    T on(Connection connection) throws SQLException;
  }
}
