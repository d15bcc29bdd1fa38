package io.deriver.jdbc.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Library calls on the host's own threads, each on a connection taken for it, and bounded: by the
 * server, then by the network timeout, then cut off. Thread-safe.
 */
public final class HostCalls {

  private static final Logger LOG = LoggerFactory.getLogger(HostCalls.class);

  private static final Duration SERVER_FIRST = Duration.ofSeconds(1);

  private final StoreParts parts;
  private final SideThreads side;

  public HostCalls(StoreParts parts) {
    this(parts, new SideThreads("deriver-jdbc-host"));
  }

  HostCalls(StoreParts parts, SideThreads side) {
    this.parts = parts;
    this.side = side;
  }

  /**
   * Runs one statement in a transaction of its own.
   *
   * @throws io.deriver.spi.StoreException if it fails; the message says what to do
   */
  <T> T query(String doing, String sql, Tx.Binder binder, Tx.Reader<T> reader) {
    return call(
        doing, connection -> parts.tx().query(connection, parts.schema().sql(sql), binder, reader));
  }

  /**
   * Runs statements with JDBI in a transaction of its own.
   *
   * @throws io.deriver.spi.StoreException if it fails; the message says what to do
   */
  <T> T withHandle(String doing, Function<Handle, T> work) {
    return inTransaction(
        doing,
        connection -> {
          try {
            return Handles.with(connection, work::apply);
          } catch (JdbiException e) {
            throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e);
          }
        });
  }

  /** Does something in a transaction of its own. */
  <T> T inTransaction(String doing, Call<T> call) {
    // Not prepared: what is sent here goes to the tables and not through a function, and a plan
    // that is kept could be of the time when they were empty.
    return call(
        doing,
        connection -> parts.tx().<T, SQLException>around(connection, () -> call.on(connection)),
        false);
  }

  /**
   * Checks that the schema can be used.
   *
   * @throws io.deriver.spi.StoreException if it cannot; the message says why
   */
  public void verify(SchemaCheck check) {
    inTransaction("use schema '" + parts.schema() + "'", check::version);
  }

  /** SQL for this schema. */
  String sql(String written) {
    return parts.schema().sql(written);
  }

  /** Does something on a connection that commits by itself. */
  <T> T call(String doing, Call<T> call) {
    return call(doing, call, parts.prepares());
  }

  private <T> T call(String doing, Call<T> call, boolean prepares) {
    try {
      Duration limit = parts.callTimeout().plus(SERVER_FIRST);
      TakenConnection taken = TakenConnection.ofHost(parts.host(), limit, prepares);
      try {
        return within(limit.plus(SERVER_FIRST), taken, call);
      } finally {
        giveBack(taken);
      }
    } catch (SQLException e) {
      throw SqlErrors.explain(doing, parts.schema(), e);
    }
  }

  private <T> T within(Duration limit, TakenConnection taken, Call<T> call) throws SQLException {
    CutOff cutOff = CutOff.after(side, limit.toNanos(), "abort-call", taken);
    try {
      return call.on(taken.connection());
    } catch (SQLException | RuntimeException | Error e) {
      taken.rollback();
      throw e;
    } finally {
      boolean unused = cutOff.disarm();
    }
  }

  // The answer is there: a host that is told of a failure here would enqueue the same once more.
  private static void giveBack(TakenConnection taken) {
    try {
      taken.close();
    } catch (SQLException e) {
      LOG.debug("A connection could not be given back after its call; its pool replaces it", e);
    }
  }

  /** What is done. */
  @FunctionalInterface
  interface Call<T> {
    T on(Connection connection) throws SQLException;
  }
}
