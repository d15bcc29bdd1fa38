package io.deriver.benchmarks.enqueue;

import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** A way to add items. Used by one thread. */
interface Adder extends AutoCloseable {

  /** The table of the library and of what is written by hand. */
  String ITEMS = Server.SCHEMA + ".item";

  /** Adds these, committed when it returns. */
  void add(List<String> keys, List<String> payloads) throws SQLException;

  /** A table that has a row for each item. */
  default String table() {
    return ITEMS;
  }

  @Override
  default void close() {}

  /** Makes its tables, and one. */
  @FunctionalInterface
  interface Maker {
    Adder on(DataSource connections) throws SQLException;
  }

  /** Adds items by a connection that commits by itself. */
  @FunctionalInterface
  interface Insert {
    void into(Connection connection, List<String> keys, List<String> payloads) throws SQLException;
  }
}
