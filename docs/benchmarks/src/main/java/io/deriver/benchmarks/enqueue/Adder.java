package io.deriver.benchmarks.enqueue;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A way to add items. Used by one thread. */
interface Adder {

  /** Makes its tables. */
  void create() throws SQLException;

  /** Adds these, committed when it returns. */
  void add(List<String> keys, List<String> payloads) throws SQLException;

  /** Adds items by a connection that commits by itself. */
  @FunctionalInterface
  interface Insert {
    void into(Connection connection, List<String> keys, List<String> payloads) throws SQLException;
  }
}
