package io.deriver.benchmarks.drain;

import java.util.List;

/** A queue whose draining is measured. Its methods are called once each, in their order here. */
interface Queue extends AutoCloseable {

  /** Puts items there, ready to be worked. */
  void load(List<String> keys, List<String> payloads) throws Exception;

  /** Works them all, by doing nothing, and returns when the last one is committed as done. */
  void drain() throws Exception;

  /** A table that has a row for each item that is not done. */
  String table();

  @Override
  void close();

  /** Makes an empty one. */
  @FunctionalInterface
  interface Maker {
    Queue make(int items) throws Exception;
  }
}
