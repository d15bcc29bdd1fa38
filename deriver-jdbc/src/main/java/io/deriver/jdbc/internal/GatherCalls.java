package io.deriver.jdbc.internal;

import io.deriver.spi.NodeSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a node's types gather: told to the store at the join, and compared with what it says later.
 */
final class GatherCalls {

  private static final String DECLARE = "SELECT deriver.gather_v1(?, ?, ?, ?)";

  private final NodeSpec spec;
  private final Tx tx;
  private final String sql;
  private final Map<String, GatherRow> differing = new ConcurrentHashMap<>();

  GatherCalls(NodeSpec spec, SchemaName schema, Tx tx) {
    this.spec = spec;
    this.tx = tx;
    sql = schema.sql(DECLARE);
  }

  boolean declare(Connection connection) throws SQLException {
    List<GatherRow> rows = spec.types().stream().map(this::declared).toList();
    return tx.query(
        connection,
        sql,
        statement -> {
          statement.setArray(1, SqlArrays.texts(connection, spec.types()));
          statement.setArray(2, SqlArrays.ints(connection, rows, GatherRow::minWeight));
          statement.setArray(3, SqlArrays.longs(connection, rows, GatherRow::maxWaitMillis));
          statement.setArray(4, SqlArrays.ints(connection, rows, GatherRow::enough));
        },
        answer -> answer.next());
  }

  private GatherRow declared(String type) {
    return GatherRow.of(spec.gathering().get(type));
  }

  /** The store says how a type gathers. */
  void found(String type, GatherRow how) {
    if (how.equals(declared(type))) {
      differing.remove(type);
    } else {
      differing.put(type, how);
    }
  }

  /** What differs from what this node declared. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    new TreeMap<>(differing)
        .forEach(
            (type, how) ->
                remarks.add(
                    "type '%s' gathers as another pool declared it (%s), not as this one did (%s)"
                        .formatted(type, how.told(), declared(type).told())));
    return remarks;
  }
}
