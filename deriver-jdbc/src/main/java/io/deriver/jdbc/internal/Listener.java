package io.deriver.jdbc.internal;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  private static final Logger log = LoggerFactory.getLogger(Listener.class);

  private static final int WAIT_MILLIS = 10_000;
  private static final Duration NETWORK_LIMIT = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long MAX_PAUSE_MILLIS = 30_000;

  private final DataSource source;
  private final SchemaName schema;
  private final Runnable hint;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable TakenConnection current;
  private volatile String state = "has not listened yet";

  Listener(String name, DataSource source, SchemaName schema, Runnable hint) {
    this.source = source;
    this.schema = schema;
    this.hint = hint;
    SideThreads.daemon(name + "-listen", this::loop).start();
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
      } catch (SQLException | RuntimeException | Error e) {
        if (isOpen()) {
          pause = state.isEmpty() ? FIRST_PAUSE_MILLIS : pause;
          state = "lost its connection: " + e.getMessage();
          log.info(
              "Listening for new work failed ({}); trying again in {} ms, polling meanwhile",
              e.getMessage(),
              pause);
        }
      }
      if (await(pause)) {
        return;
      }
      pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
    }
  }

  private boolean listen() throws SQLException {
    try (TakenConnection taken = TakenConnection.from(source, Duration.ZERO)) {
      current = taken;
      PGConnection pg = PgDriver.unwrap(taken.connection());
      if (pg == null) {
        state = "the DataSource's connections cannot be unwrapped to the Postgres driver's";
        log.info("Not listening for new work: {}; polling finds it", state);
        return false;
      }
      int before = taken.connection().getNetworkTimeout();
      taken.connection().setNetworkTimeout(Runnable::run, (int) NETWORK_LIMIT.toMillis());
      try (Statement statement = taken.connection().createStatement()) {
        statement.execute("LISTEN " + schema.channel());
        state = "";
        hint.run();
        while (isOpen()) {
          var heard = pg.getNotifications(WAIT_MILLIS);
          if (heard != null && heard.length > 0) {
            hint.run();
          } else {
            statement.execute("SELECT 1");
          }
        }
        statement.execute("UNLISTEN " + schema.channel());
      }
      taken.connection().setNetworkTimeout(Runnable::run, before);
      return true;
    } finally {
      current = null;
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

  /** Cuts the connection off: the thread may be waiting on it. */
  @Override
  public void close() {
    closed.countDown();
    TakenConnection taken = current;
    if (taken != null) {
      SideThreads.daemon(
              "deriver-unlisten",
              () -> {
                try {
                  taken.abort();
                } catch (SQLException e) {
                  log.debug("The listening connection could not be cut off; it ends by itself", e);
                }
              })
          .start();
    }
  }
}
