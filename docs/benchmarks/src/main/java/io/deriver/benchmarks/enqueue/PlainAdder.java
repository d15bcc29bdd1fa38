package io.deriver.benchmarks.enqueue;

import io.deriver.benchmarks.server.FloorTable;
import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** Plain INSERTs of the same payloads into a table with a primary key. */
record PlainAdder(Server server, DataSource connections, Adder.Insert insert) implements Adder {

  @Override
  public void create() throws SQLException {
    FloorTable.create(server);
  }

  @Override
  public void add(List<String> keys, List<String> payloads) throws SQLException {
    try (Connection connection = connections.getConnection()) {
      insert.into(connection, keys, payloads);
    }
  }
}
