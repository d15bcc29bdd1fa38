package io.deriver.jdbc.internal;

import io.deriver.spi.StoreException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in words what an SQLException means and what to do about it. */
final class SqlErrors {

  /** Raised by the schema when a claim is no longer held. */
  static final String REFUSED = "DV001";

  /** Raised by the schema when a step ended its own transaction. */
  static final String STEP_ENDED_TRANSACTION = "DV002";

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  // Data, integrity and triggered-data errors, check options, exceptions raised by functions, and
  // a step that ended its own transaction.
  private static final List<String> STEPS_OWN =
      List.of("22", "23", "27", "38", "39", "44", "P0", STEP_ENDED_TRANSACTION);

  private SqlErrors() {}

  /** The exception to throw for this one. */
  static StoreException explain(String doing, SchemaName schema, SQLException error) {
    return new StoreException(
        "could not " + doing + ": " + meaning(schema, error) + " [" + detail(error) + "]", error);
  }

  private static String meaning(SchemaName schema, SQLException error) {
    String state = state(error);
    switch (state) {
      case "3F000", "42P01", "42883", "42704" -> {
        return missingSchema(schema);
      }
      case "42501" -> {
        return "the database user lacks a privilege on an object of schema '%s'; grant it"
            .formatted(schema);
      }
      case "25006" -> {
        return readOnly();
      }
      case "57014" -> {
        return "the statement was cancelled, by its time limit or by an operator; the database is"
            + " slow or something holds a lock";
      }
      case LOCK_NOT_AVAILABLE -> {
        return "a lock did not come in time; look in pg_stat_activity for who holds it";
      }
      case "28000", "28P01" -> {
        return "the database refuses the user; check user, password and pg_hba.conf";
      }
      case "3D000" -> {
        return "the database does not exist; check the DataSource's URL";
      }
      case "53300" -> {
        return "the server has no connection left; raise max_connections or lower pool sizes";
      }
      case STEP_ENDED_TRANSACTION -> {
        return "the step ended the transaction that it was given; it must neither commit nor roll"
            + " back";
      }
      default -> {
        return unforeseen(error, state);
      }
    }
  }

  private static String unforeseen(SQLException error, String state) {
    if (state.equals("0A000") && String.valueOf(error.getMessage()).contains("recovery")) {
      return readOnly();
    }
    if (state.startsWith("57P")) {
      return "the server ended the connection (restart, failover or an operator); it is taken anew"
          + " at the next call";
    }
    if (isConnectionLoss(error)) {
      return "the database could not be reached, or the connection broke; check that it is up and"
          + " that the DataSource has a connection to give, five of them for each pool";
    }
    return "the database answered with an error";
  }

  static String missingSchema(SchemaName schema) {
    return ("deriver's objects are missing in schema '%s'; install them with"
            + " PostgresQueue.builder(dataSource).schema(\"%s\").installSchema(), or run"
            + " io/deriver/jdbc/V1__deriver.sql from the jar with your migration tool")
        .formatted(schema, schema);
  }

  static String readOnly() {
    return "the server is read-only (a standby, or after a failover); point the DataSource at the"
        + " primary, or wait until this one is promoted";
  }

  /** Whether the connection is gone, so that it is not known what the server did. */
  static boolean isConnectionLoss(SQLException error) {
    String state = state(error);
    return state.isEmpty()
        || state.startsWith("08")
        || state.startsWith("57P")
        || error instanceof SQLTransientConnectionException;
  }

  /**
   * Whether a commit failed for what the step did (a deferred constraint or trigger) rather than
   * for the database: another attempt would fail alike, so it must count.
   */
  static boolean isOfTheStep(SQLException error) {
    String state = state(error);
    return STEPS_OWN.stream().anyMatch(state::startsWith);
  }

  static boolean isLockTimeout(SQLException error) {
    return state(error).equals(LOCK_NOT_AVAILABLE);
  }

  static String state(SQLException error) {
    @Nullable String state = error.getSQLState();
    return state == null ? "" : state;
  }

  private static String detail(SQLException error) {
    String state = state(error);
    return (state.isEmpty() ? "" : state + " ") + error.getMessage();
  }
}
