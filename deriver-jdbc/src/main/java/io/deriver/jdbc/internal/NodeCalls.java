package io.deriver.jdbc.internal;

import io.deriver.spi.ClaimId;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.Renewal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A node's own row: written at the join, renewed, and taken out at the end. */
final class NodeCalls {

  // Types get their rows here, so that an enqueue need not make them: two hosts that make the same
  // rows in another order would wait for one another.
  private static final String JOIN =
      """
      WITH made AS (INSERT INTO deriver.type (name)
             SELECT t.name FROM unnest(?::text[]) t(name)
              WHERE NOT EXISTS (SELECT FROM deriver.type known WHERE known.name = t.name)
              ORDER BY t.name COLLATE "C"
             ON CONFLICT DO NOTHING)
      SELECT deriver.keep_node_v1(?, ?, ?, ?, 0)
      """;
  private static final String RENEW =
      "SELECT o_fence, o_cancel FROM deriver.renew_v1(?, ?, ?, ?, ?)";
  private static final String HELD =
      """
      SELECT h.type, h.key, h.fence FROM deriver.head h
       WHERE h.node = ? AND h.fence = ANY (?) AND h.fence IS NOT NULL AND h.guard > clock_timestamp()
      """;
  private static final String LEAVE =
      """
      WITH gone AS (DELETE FROM deriver.node n WHERE n.id = ? AND NOT EXISTS (
             SELECT FROM deriver.head h WHERE h.node = n.id AND h.fence >= n.from_fence) RETURNING n.id)
      SELECT count(*) FROM gone
      """;

  private static final int ALL_EVERY = 6;

  private final String nodeId;
  private final NodeSpec spec;
  private final SchemaName schema;
  private final Tx tx;
  // One connection claims, one call after the other, so fences rise: what was claimed since the
  // last renewal is above all that it saw, unless a call that was given up is committed late.
  private long lowestFence;
  private int renewals;

  NodeCalls(String nodeId, NodeSpec spec, SchemaName schema, Tx tx) {
    this.nodeId = nodeId;
    this.spec = spec;
    this.schema = schema;
    this.tx = tx;
  }

  boolean join(Connection connection) throws SQLException {
    return tx.query(
        connection,
        schema.sql(JOIN),
        statement -> {
          statement.setArray(1, types(connection));
          statement.setString(2, nodeId);
          statement.setString(3, spec.pool());
          statement.setArray(4, types(connection));
          statement.setLong(5, spec.lease().toMillis());
        },
        rows -> rows.next());
  }

  /** Used by one thread. */
  Renewal renew(Connection connection) throws SQLException {
    boolean all = renewals++ % ALL_EVERY == 0;
    return tx.query(
        connection,
        schema.sql(RENEW),
        statement -> {
          statement.setString(1, nodeId);
          statement.setString(2, spec.pool());
          statement.setArray(3, types(connection));
          statement.setLong(4, spec.lease().toMillis());
          statement.setLong(5, all ? 0 : lowestFence);
        },
        rows -> {
          Set<Long> held = new HashSet<>();
          Set<Long> cancelled = new HashSet<>();
          while (rows.next()) {
            held.add(rows.getLong(1));
            if (rows.getBoolean(2)) {
              cancelled.add(rows.getLong(1));
            }
          }
          if (!held.isEmpty()) {
            lowestFence = Collections.min(held);
          }
          return new Renewal(held, cancelled);
        });
  }

  /** Which of these claims the node holds within their guard. */
  List<ClaimId> held(Connection connection, Set<Long> fences) throws SQLException {
    return tx.query(
        connection,
        schema.sql(HELD),
        statement -> {
          statement.setString(1, nodeId);
          statement.setArray(2, SqlArrays.longs(connection, fences, fence -> fence));
        },
        rows -> {
          List<ClaimId> held = new ArrayList<>();
          while (rows.next()) {
            held.add(new ClaimId(rows.getString(1), rows.getString(2), rows.getLong(3), nodeId));
          }
          return held;
        });
  }

  boolean leave(Connection connection) throws SQLException {
    return tx.query(
        connection,
        schema.sql(LEAVE),
        statement -> statement.setString(1, nodeId),
        rows -> rows.next());
  }

  private java.sql.Array types(Connection connection) throws SQLException {
    return SqlArrays.texts(connection, spec.types());
  }
}
