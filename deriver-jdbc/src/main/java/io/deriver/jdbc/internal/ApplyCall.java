package io.deriver.jdbc.internal;

import io.deriver.spi.ClaimId;
import io.deriver.spi.NodeStore.ApplyGate;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step and completes its claim in one transaction, on a connection of the host's DataSource.
 * No lock of deriver's is held while the step runs: the completion takes the head's lock, and the
 * commit goes to the server with it.
 */
final class ApplyCall {

  private static final Logger LOG = LoggerFactory.getLogger(ApplyCall.class);

  private static final String BEGIN =
      """
      SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;
      SELECT b.ms, set_config('statement_timeout', b.ms::text, true),
             set_config('idle_in_transaction_session_timeout', b.ms::text, true),
             set_config('lock_timeout', b.ms::text, true), %s,
             set_config('deriver_run.fence', ?::bigint::text, true)
        FROM deriver.apply_begin_v1(?, ?, ?, ?) b(ms) WHERE b.ms IS NOT NULL
      """
          .formatted(Tx.transactionTimeout("b.ms::text"));
  private static final String END =
      """
      SELECT set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true), %s, %s %%s;
      SELECT deriver.apply_end_v1(?, ?, ?, ?);
      COMMIT
      """
          // A limit that runs is set anew only if it is switched off in between.
          .formatted(Tx.transactionTimeout("'0'"), Tx.transactionTimeout("?"));

  private final DataSource source;
  private final SchemaName schema;
  private final Duration limit;
  private final boolean prepares;
  private final String end;

  ApplyCall(StoreParts parts, Duration limit) {
    source = parts.host();
    schema = parts.schema();
    this.limit = limit;
    prepares = parts.prepares();
    end = schema.sql(END.formatted(parts.retention().keepsDone() ? ", " + Tx.KEEP : ""));
  }

  WriteAnswer apply(ClaimId claim, Step step, ApplyGate gate) throws Exception {
    Connection connection;
    try {
      connection = source.getConnection();
    } catch (SQLException e) {
      throw SqlErrors.explain("take a connection for the step of " + claim, schema, e);
    }
    Abort abort = new Abort(connection);
    try {
      gate.onCancel(abort);
      return new Transaction(connection, claim).run(step, gate);
    } finally {
      abort.disarm();
      giveBack(connection);
    }
  }

  // What came of the step is known by now; a close that fails changes nothing of it.
  private static void giveBack(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("A connection could not be given back after its step; its pool replaces it", e);
    }
  }

  /** Ends the transaction from outside, but never a later one of the same connection. */
  private static final class Abort implements AutoCloseable {

    private final Connection connection;
    private boolean armed = true;

    Abort(Connection connection) {
      this.connection = connection;
    }

    @Override
    public synchronized void close() throws SQLException {
      if (armed) {
        TakenConnection.cutOff(connection);
      }
    }

    synchronized void disarm() {
      armed = false;
    }
  }

  private final class Transaction {

    private final Connection connection;
    private final ClaimId claim;
    private boolean limited;
    private int networkTimeout;

    Transaction(Connection connection, ClaimId claim) {
      this.connection = connection;
      this.claim = claim;
    }

    WriteAnswer run(Step step, ApplyGate gate) throws Exception {
      boolean autoCommit = true;
      try {
        autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        if (!begin()) {
          rollback(autoCommit);
          return WriteAnswer.REFUSED;
        }
      } catch (SQLException e) {
        rollback(autoCommit);
        throw SqlErrors.explain("begin the step of " + claim, schema, e);
      }
      boolean live;
      try {
        step.work().on(GuardedConnection.of(connection));
        live = gate.close();
      } catch (Throwable e) {
        if (!rollback(autoCommit)) {
          throw new StoreException("the connection broke while the step of " + claim + " ran", e);
        }
        throw e;
      }
      if (!live) {
        rollback(autoCommit);
        return WriteAnswer.REFUSED;
      }
      return end(autoCommit);
    }

    private boolean begin() throws SQLException {
      try (PreparedStatement statement = prepare(schema.sql(BEGIN))) {
        statement.setLong(1, claim.fence());
        bind(statement, 2);
        boolean rows = statement.execute();
        while (!rows) {
          rows = statement.getMoreResults();
        }
        try (ResultSet result = statement.getResultSet()) {
          return result.next();
        }
      }
    }

    private PreparedStatement prepare(String sql) throws SQLException {
      PreparedStatement statement = connection.prepareStatement(sql);
      if (!prepares) {
        PgDriver.withoutServerPreparedStatements(statement);
      }
      return statement;
    }

    private WriteAnswer end(boolean autoCommit) throws SQLException {
      long ms = Math.max(1, limit.toMillis());
      WriteAnswer answer;
      try {
        networkTimeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, (int) (3 * ms));
        limited = true;
        try (PreparedStatement statement = prepare(end)) {
          statement.setString(1, String.valueOf(ms));
          statement.setString(2, String.valueOf(2 * ms));
          statement.setString(3, String.valueOf(2 * ms));
          bind(statement, 4);
          answer = SettleCall.answer(lastText(statement));
        }
        restore(autoCommit);
        return answer;
      } catch (SQLException e) {
        if (SqlErrors.isConnectionLoss(e)) {
          return WriteAnswer.LOST;
        }
        rollback(autoCommit);
        if (SqlErrors.state(e).equals(SqlErrors.REFUSED)) {
          return WriteAnswer.REFUSED;
        } else if (SqlErrors.isLockTimeout(e)) {
          return WriteAnswer.UNDECIDED;
        } else if (SqlErrors.isOfTheStep(e)) {
          throw e;
        }
        throw SqlErrors.explain("commit the step of " + claim, schema, e);
      }
    }

    /** The only column of the last result among several. */
    private static String lastText(PreparedStatement statement) throws SQLException {
      String last = "";
      boolean rows = statement.execute();
      while (rows || statement.getUpdateCount() >= 0) {
        if (rows) {
          try (ResultSet result = statement.getResultSet()) {
            result.next();
            last = result.getString(1);
          }
        }
        rows = statement.getMoreResults();
      }
      return last;
    }

    private void bind(PreparedStatement statement, int from) throws SQLException {
      statement.setString(from, claim.type());
      statement.setString(from + 1, claim.key());
      statement.setLong(from + 2, claim.fence());
      statement.setString(from + 3, claim.node());
    }

    // The commit has been answered: what fails from here on concerns the connection only.
    private void restore(boolean autoCommit) {
      try {
        asItCame(autoCommit);
      } catch (SQLException e) {
        abandon();
      }
    }

    /** Says whether the connection was still there to be rolled back; without it nothing stands. */
    private boolean rollback(boolean autoCommit) {
      try {
        connection.rollback();
        asItCame(autoCommit);
        return true;
      } catch (SQLException e) {
        abandon();
        return false;
      }
    }

    private void asItCame(boolean autoCommit) throws SQLException {
      if (limited) {
        connection.setNetworkTimeout(Runnable::run, networkTimeout);
      }
      connection.setAutoCommit(autoCommit);
    }

    // What cannot be rolled back must not go to the next user of the connection.
    private void abandon() {
      try {
        TakenConnection.cutOff(connection);
      } catch (SQLException e) {
        throw new StoreException(
            "the connection of " + claim + " could be neither rolled back nor cut off", e);
      }
    }
  }
}
