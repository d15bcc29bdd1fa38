package io.deriver.jdbc.internal;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what other processes say about new work, on a connection and a daemon thread of its own.
 * Every wait is bounded; a lost connection is taken anew, with growing pauses. What is missed
 * meanwhile, polling finds.
 */
final class Listener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

  // Short, so that it sees by itself that it is closed and gives its connection back unharmed.
  private static final int WAIT_MILLIS = 100;
  private static final long LOOK_AT_SERVER_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final Duration LAST_WORDS = Duration.ofMillis(500);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long MAX_PAUSE_MILLIS = 30_000;

  private final Duration limit;
  private final ConnectionTaker taker;
  private final SchemaName schema;
  private final Runnable hint;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Object handover = new Object();
  private final Thread thread;
  private @Nullable TakenConnection current;
  private volatile String state = "has not listened yet";

  Listener(
      String name,
      DataSource source,
      SchemaName schema,
      Duration limit,
      SideThreads side,
      Runnable hint) {
    this.limit = limit;
    taker = new ConnectionTaker("listen", source, limit, false, side);
    this.schema = schema;
    this.hint = hint;
    thread = SideThreads.daemon(name + "-listen", this::loop);
    thread.start();
  }

  /** Why it does not listen now; empty when it does. */
  String state() {
    return state;
  }

  private void loop() {
    long pause = FIRST_PAUSE_MILLIS;
    while (isOpen()) {
      try {
        if (!listen()) {
          return;
        }
      } catch (TimeoutException e) {
        pause = failed("the DataSource gave no connection within " + limit, pause);
      } catch (SQLException | RuntimeException | Error e) {
        pause = failed(e.getMessage(), pause);
      }
      if (await(pause)) {
        return;
      }
      pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
    }
  }

  private long failed(@Nullable String why, long pause) {
    if (!isOpen()) {
      return pause;
    }
    long rest = state.isEmpty() ? FIRST_PAUSE_MILLIS : pause;
    state = "lost its connection: " + why;
    LOG.info(
        "Listening for new work failed ({}); trying again in {} ms, polling meanwhile", why, rest);
    return rest;
  }

  private boolean listen() throws SQLException, TimeoutException {
    try (TakenConnection taken = taker.take(System.nanoTime() + limit.toNanos())) {
      handOver(taken);
      try {
        return listenOn(taken);
      } finally {
        handOver(null);
      }
    }
  }

  private boolean listenOn(TakenConnection taken) throws SQLException {
    PGConnection pg = PgDriver.unwrap(taken.connection());
    if (pg == null) {
      state = "the DataSource's connections cannot be unwrapped to the Postgres driver's";
      LOG.info("Not listening for new work: {}; polling finds it", state);
      return false;
    }
    try (Statement statement = taken.connection().createStatement()) {
      statement.execute("LISTEN " + schema.channel());
      state = "";
      hint.run();
      long looked = System.nanoTime();
      while (isOpen()) {
        var heard = pg.getNotifications(WAIT_MILLIS);
        if (heard != null && heard.length > 0) {
          hint.run();
        } else if (System.nanoTime() - looked >= LOOK_AT_SERVER_NANOS) {
          // Empty: all that is asked is whether anybody answers.
          statement.execute("");
          looked = System.nanoTime();
        }
      }
      statement.execute("UNLISTEN " + schema.channel());
    }
    return true;
  }

  private void handOver(@Nullable TakenConnection taken) {
    synchronized (handover) {
      current = taken;
    }
  }

  private boolean isOpen() {
    return closed.getCount() > 0;
  }

  private boolean await(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return !isOpen();
    }
  }

  /**
   * Lets the thread give its connection back; cuts it off if that takes too long, and never when it
   * is given back already, for then it is somebody else's.
   */
  @Override
  public void close() {
    closed.countDown();
    taker.close();
    try {
      thread.join(LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      SideThreads.daemon("deriver-unlisten", this::cutOff).start();
    }
  }

  private void cutOff() {
    synchronized (handover) {
      try {
        if (current != null) {
          current.abort();
        }
      } catch (SQLException e) {
        LOG.debug("The listening connection could not be cut off; it ends by itself", e);
      }
    }
  }
}
