package io.deriver.quickstart.legacy;

import io.deriver.quickstart.report.Spread;

/** What the two pools without deriver have in common, for the eyes of the one who watches them. */
public interface LegacyPool extends AutoCloseable {

  /** Begins to work. */
  void start();

  /** Runs that a timeout ended, so far. */
  int timeouts();

  /** From each timeout to the next use of its slot. */
  Spread reuse();

  /** Claims that the cleanup took away, so far. */
  int takenAway();

  /** Threads that the pool has given up and that have not returned. */
  int leakedThreads();

  /** What the names of the threads begin with that wait for the LLM. */
  String threadPrefix();

  /** Stops claiming. Threads that hang stay as they are: they are daemons. */
  @Override
  void close();
}
