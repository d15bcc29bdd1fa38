package io.deriver.benchmarks.enqueue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Plain INSERTs of the same payloads into a table with a primary key. */
record PlainAdder(DataSource connections, Adder.Insert insert) implements Adder {

  @Override
  public void add(List<String> keys, List<String> payloads) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      insert.into(connection, keys, payloads);
    }
  }
}
