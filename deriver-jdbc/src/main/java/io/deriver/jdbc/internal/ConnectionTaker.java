package io.deriver.jdbc.internal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections on side threads, since getConnection() can hang for good. One that has not come
 * yet is waited for again by the next call: a second one would hang beside it. But it may never
 * come, on a connection whose peer died while it was opened; so patience ends, and another is asked
 * for, each time after twice as long. Used by one thread at a time; {@link #close} from any.
 */
final class ConnectionTaker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConnectionTaker.class);

  private static final int FIRST_PATIENCE = 10;
  private static final Duration MAX_PATIENCE = Duration.ofHours(1);

  private final String duty;
  private final DataSource source;
  private final Duration networkLimit;
  private final boolean prepares;
  private final SideThreads side;
  private final Duration firstPatience;
  private volatile @Nullable CompletableFuture<TakenConnection> coming;
  private volatile boolean closed;
  private long asked;
  private Duration patience;

  /**
   * @param limit how long a caller waits for a connection, and how long the network may be silent
   * @param prepares whether the driver may prepare statements on the server
   */
  ConnectionTaker(
      String duty, DataSource source, Duration limit, boolean prepares, SideThreads side) {
    this.duty = duty;
    this.source = source;
    this.networkLimit = limit;
    this.prepares = prepares;
    this.side = side;
    firstPatience = limit.multipliedBy(FIRST_PATIENCE);
    patience = firstPatience;
  }

  /**
   * A connection that is the caller's.
   *
   * @param end until when to wait, by System.nanoTime()
   * @throws TimeoutException if none has come by then
   */
  TakenConnection take(long end) throws SQLException, TimeoutException {
    CompletableFuture<TakenConnection> future = coming;
    if (future != null && !future.isDone() && System.nanoTime() - asked >= patience.toNanos()) {
      LOG.warn(
          "The DataSource was asked for a connection for '{}' {} ago and has not answered; it is"
              + " asked once more",
          duty,
          patience);
      giveUp(future);
      patience = shorter(patience.multipliedBy(2), MAX_PATIENCE);
      future = null;
    }
    if (future == null) {
      future = ask();
    }
    TakenConnection taken = await(future, end);
    coming = null;
    patience = firstPatience;
    return taken;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private CompletableFuture<TakenConnection> ask() {
    CompletableFuture<TakenConnection> future = new CompletableFuture<>();
    side.run(
        "connect-" + duty,
        () -> {
          try {
            future.complete(TakenConnection.from(source, networkLimit, prepares));
          } catch (Throwable e) {
            future.completeExceptionally(e);
          }
        });
    asked = System.nanoTime();
    coming = future;
    if (closed) {
      giveUp(future);
    }
    return future;
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

  // Nobody takes it any more, whenever it comes.
  private void giveUp(CompletableFuture<TakenConnection> late) {
    var unused = late.thenAccept(its -> side.run("close-" + duty, its::close));
  }

  @Override
  public void close() {
    closed = true;
    CompletableFuture<TakenConnection> late = coming;
    if (late != null) {
      giveUp(late);
    }
  }
}
