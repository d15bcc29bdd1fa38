package io.deriver.jdbc.internal;

import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a node's types gather: told to the store at the join, and compared with what it says later.
 */
final class GatherCalls {

  private static final String DECLARE = "SELECT deriver.gather_v1(?, ?, ?, ?)";
  private static final String NONE = "0 0 1";

  private final NodeSpec spec;
  private final Tx tx;
  private final String sql;
  private final Map<String, String> differing = new ConcurrentHashMap<>();

  GatherCalls(NodeSpec spec, SchemaName schema, Tx tx) {
    this.spec = spec;
    this.tx = tx;
    sql = schema.sql(DECLARE);
  }

  boolean declare(Connection connection) throws SQLException {
    return tx.query(
        connection,
        sql,
        statement -> {
          statement.setArray(1, connection.createArrayOf("text", spec.types().toArray()));
          statement.setArray(2, array(connection, "int4", 0, GatherTerms::minWeight));
          statement.setArray(3, array(connection, "int8", 0L, terms -> terms.maxWait().toMillis()));
          statement.setArray(4, array(connection, "int4", 1, GatherTerms::maxItems));
        },
        rows -> rows.next());
  }

  private java.sql.Array array(
      Connection connection, String type, Object none, Function<GatherTerms, Object> of)
      throws SQLException {
    List<Object> values = new ArrayList<>();
    for (String name : spec.types()) {
      GatherTerms terms = spec.gathering().get(name);
      values.add(terms == null ? none : of.apply(terms));
    }
    return connection.createArrayOf(type, values.toArray());
  }

  /** The store says how a type gathers. */
  void found(String type, String how) {
    if (how.equals(text(spec.gathering().get(type)))) {
      differing.remove(type);
    } else {
      differing.put(type, how);
    }
  }

  private static String text(@Nullable GatherTerms terms) {
    return terms == null
        ? NONE
        : "%d %d %d".formatted(terms.minWeight(), terms.maxWait().toMillis(), terms.maxItems());
  }

  /** What differs from what this node declared. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    new TreeMap<>(differing)
        .forEach(
            (type, how) ->
                remarks.add(
                    "type '%s' gathers as another pool declared it (%s), not as this one did (%s)"
                        .formatted(type, told(how), told(text(spec.gathering().get(type))))));
    return remarks;
  }

  private static String told(String how) {
    String[] parts = how.split(" ", -1);
    return how.equals(NONE)
        ? "it waits for nothing"
        : "minWeight %s, maxWait %s ms, maxItems %s".formatted((Object[]) parts);
  }
}
