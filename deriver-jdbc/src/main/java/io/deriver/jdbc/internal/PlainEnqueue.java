package io.deriver.jdbc.internal;

import io.deriver.jdbc.internal.Encoder.Row;
import java.sql.Array;
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
import java.util.stream.Collectors;

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
    Connection connection = statement.getConnection();
    statement.setArray(first + 1, SqlArrays.texts(connection, rows, Row::key));
    statement.setArray(first + 2, SqlArrays.texts(connection, rows, Row::payload));
    bind(
        statement,
        first + 3,
        "_int4",
        rows.stream().allMatch(row -> row.weight() == DEFAULT_WEIGHT),
        () -> SqlArrays.ints(connection, rows, Row::weight));
    bind(
        statement,
        first + 4,
        "_text",
        rows.stream().allMatch(row -> row.variant().equals(DEFAULT_VARIANT)),
        () -> SqlArrays.texts(connection, rows, Row::variant));
    bind(
        statement,
        first + 5,
        "_int2",
        rows.stream().allMatch(row -> row.priority() == DEFAULT_PRIORITY),
        () -> SqlArrays.shorts(connection, rows, Row::priority));
    bind(
        statement,
        first + 6,
        "_int8",
        rows.stream().allMatch(row -> row.delayMillis() == 0),
        () -> SqlArrays.longs(connection, rows, Row::delayMillis));
  }

  // What is the same for all by default goes without saying: there is nothing to send or to read.
  private static void bind(
      PreparedStatement statement, int place, String type, boolean usual, Values values)
      throws SQLException {
    if (usual) {
      statement.setNull(place, Types.ARRAY, type);
    } else {
      statement.setArray(place, values.make());
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

  @FunctionalInterface
  private interface Values {
    Array make() throws SQLException;
  }
}
