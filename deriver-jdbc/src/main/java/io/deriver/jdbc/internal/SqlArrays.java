package io.deriver.jdbc.internal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Arrays for the parameters of a statement. What is in them is of the one type that the driver can
 * send as it stands; an {@code Object[]} it writes as text, which the server has to read.
 */
final class SqlArrays {

  private SqlArrays() {}

  static Array texts(Connection connection, Collection<String> values) throws SQLException {
    return connection.createArrayOf("text", values.toArray(new String[0]));
  }

  static <T> Array texts(
      Connection connection, Collection<T> from, Function<T, @Nullable String> value)
      throws SQLException {
    return filled(connection, "text", new String[from.size()], from, value);
  }

  static <T> Array longs(
      Connection connection, Collection<T> from, Function<T, @Nullable Long> value)
      throws SQLException {
    return filled(connection, "int8", new Long[from.size()], from, value);
  }

  static <T> Array ints(
      Connection connection, Collection<T> from, Function<T, @Nullable Integer> value)
      throws SQLException {
    return filled(connection, "int4", new Integer[from.size()], from, value);
  }

  static <T> Array shorts(
      Connection connection, Collection<T> from, Function<T, @Nullable Integer> value)
      throws SQLException {
    return filled(
        connection,
        "int2",
        new Short[from.size()],
        from,
        one -> {
          Integer number = value.apply(one);
          return number == null ? null : number.shortValue();
        });
  }

  private static <T, V> Array filled(
      Connection connection,
      String type,
      @Nullable V[] values,
      Collection<T> from,
      Function<T, @Nullable V> value)
      throws SQLException {
    int at = 0;
    for (T one : from) {
      values[at++] = value.apply(one);
    }
    return connection.createArrayOf(type, values);
  }
}
