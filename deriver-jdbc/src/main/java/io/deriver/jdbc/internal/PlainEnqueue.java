package io.deriver.jdbc.internal;

import io.deriver.jdbc.internal.Encoder.Row;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The statement that adds items without dedupe keys, type by type: mostly there is one. */
final class PlainEnqueue {

  private static final String OF_A_TYPE = "SELECT deriver.enqueue_v1(?, ?, ?, ?, ?, ?, ?, ?)";
  private static final int PARAMETERS = 8;

  private static final int DEFAULT_WEIGHT = 1;
  private static final String DEFAULT_VARIANT = "";
  private static final int DEFAULT_PRIORITY = 2;

  private final String ofAType;
  private final String channel;
  private final List<Row> rows;
  private final Map<String, List<Integer>> places = new LinkedHashMap<>();

  PlainEnqueue(SchemaName schema, List<Row> rows) {
    ofAType = schema.sql(OF_A_TYPE);
    channel = schema.channel();
    this.rows = rows;
    for (int i = 0; i < rows.size(); i++) {
      places.computeIfAbsent(rows.get(i).type(), type -> new ArrayList<>()).add(i);
    }
  }

  String sql() {
    return places.size() == 1
        ? ofAType
        : Collections.nCopies(places.size(), ofAType).stream()
            .collect(Collectors.joining(" UNION ALL "));
  }

  void bind(PreparedStatement statement, boolean notify) throws SQLException {
    int first = 1;
    for (Map.Entry<String, List<Integer>> type : places.entrySet()) {
      bind(statement, first, type.getKey(), type.getValue().stream().map(rows::get).toList());
      statement.setString(first + PARAMETERS - 1, notify && first == 1 ? channel : null);
      first += PARAMETERS;
    }
  }

  private static void bind(PreparedStatement statement, int first, String type, List<Row> rows)
      throws SQLException {
    statement.setString(first, type);
    bind(statement, first + 1, "text", rows, Row::key, null);
    bind(statement, first + 2, "text", rows, Row::payload, null);
    bind(statement, first + 3, "int4", rows, Row::weight, DEFAULT_WEIGHT);
    bind(statement, first + 4, "text", rows, Row::variant, DEFAULT_VARIANT);
    bind(statement, first + 5, "int2", rows, Row::priority, DEFAULT_PRIORITY);
    bind(statement, first + 6, "int8", rows, Row::delayMillis, 0L);
  }

  // What is the same for all by default goes without saying: there is nothing to send or to read.
  private static void bind(
      PreparedStatement statement,
      int place,
      String type,
      List<Row> rows,
      Function<Row, Object> of,
      @Nullable Object usual)
      throws SQLException {
    Connection connection = statement.getConnection();
    Object[] values = rows.stream().map(of).toArray();
    if (usual != null && List.of(values).stream().allMatch(usual::equals)) {
      statement.setNull(place, Types.ARRAY, "_" + type);
    } else {
      statement.setArray(place, connection.createArrayOf(type, values));
    }
  }

  /** The numbers of the items, in the order in which they were given. */
  List<Long> read(ResultSet result) throws SQLException {
    Long[] ids = new Long[rows.size()];
    for (List<Integer> ofType : places.values()) {
      result.next();
      Long[] added = (Long[]) result.getArray(1).getArray();
      for (int i = 0; i < added.length; i++) {
        ids[ofType.get(i)] = added[i];
      }
    }
    return List.of(ids);
  }
}
