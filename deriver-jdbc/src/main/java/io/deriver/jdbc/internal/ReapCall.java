package io.deriver.jdbc.internal;

import io.deriver.spi.ClaimId;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.ReapReport;
import io.deriver.spi.ReapReport.Reaped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One bounded pass of the reaper. */
final class ReapCall {

  private static final Logger LOG = LoggerFactory.getLogger(ReapCall.class);

  private static final String SQL = "SELECT * FROM deriver.reap_v1(?, ?, ?)";
  private static final int AT_MOST = 200;
  private static final int ALL_EVERY = 6;

  private final NodeSpec spec;
  private final GatherCalls gathering;
  private final Tx tx;
  private final String sql;
  private volatile List<String> pausedTypes = List.of();
  private int passes;

  ReapCall(NodeSpec spec, GatherCalls gathering, SchemaName schema, Tx tx) {
    this.spec = spec;
    this.gathering = gathering;
    this.tx = tx;
    sql = schema.sql(SQL);
  }

  /** Used by one thread. */
  ReapReport reap(Connection connection) throws SQLException {
    boolean all = passes++ % ALL_EVERY == 0;
    return tx.query(
        connection,
        sql,
        statement -> {
          statement.setInt(1, AT_MOST);
          statement.setArray(2, SqlArrays.texts(connection, spec.types()));
          statement.setBoolean(3, all);
        },
        this::read);
  }

  private ReapReport read(ResultSet rows) throws SQLException {
    List<Reaped> reaped = new ArrayList<>();
    List<String> unserved = new ArrayList<>();
    List<String> paused = new ArrayList<>();
    boolean more = false;
    while (rows.next()) {
      String what = rows.getString("o_what");
      switch (what) {
        case "more" -> more = true;
        case "unserved" -> unserved.add(rows.getString("o_type"));
        case "paused" -> paused.add(rows.getString("o_type"));
        case "gathers" ->
            gathering.found(rows.getString("o_type"), GatherRow.parse(rows.getString("o_key")));
        case "failed" ->
            LOG.warn(
                "The claim of {} could not be taken back: {}; it is left for the next pass",
                claim(rows),
                rows.getString("o_error"));
        default ->
            reaped.add(
                new Reaped(
                    claim(rows),
                    what.equals("guard")
                        ? ReapReport.Reason.GUARD_PASSED
                        : ReapReport.Reason.NODE_EXPIRED,
                    rows.getBoolean("o_dead")));
      }
    }
    pausedTypes = List.copyOf(paused);
    return new ReapReport(reaped, more, unserved);
  }

  /** Which of its types were paused for all nodes at the last pass. */
  List<String> pausedTypes() {
    return pausedTypes;
  }

  private static ClaimId claim(ResultSet rows) throws SQLException {
    return new ClaimId(
        rows.getString("o_type"),
        rows.getString("o_key"),
        rows.getLong("o_fence"),
        rows.getString("o_node"));
  }
}
