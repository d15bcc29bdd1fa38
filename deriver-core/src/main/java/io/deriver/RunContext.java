package io.deriver;

import java.time.Duration;

/**
 * What a processor may ask of its own run, and tell it. Thread-safe; usable from any thread that
 * works for the run, and harmless after its end.
 */
public interface RunContext {

  /** How long until the run's timeout ends it by force; zero once that has passed. */
  Duration timeRemaining();

  /** Which attempt this is: 1 for the first. A released claim does not count. */
  int attempt();

  /**
   * The claim's number, larger at every claim of any key. Store it with effects outside of
   * Postgres, and refuse writes that carry a smaller one.
   */
  long fence();

  /**
   * Says that content arrived. Restarts the idle limit and ends the limit for the first progress;
   * never extends the timeout. Call it on content, never on keep-alives.
   */
  void progress();

  /**
   * Whether the run has been ended from outside: by a limit, a lost lease, an operator or a drain.
   */
  boolean isCancelled();

  /**
   * Returns if the run is live.
   *
   * @throws RunCancelledException if it has been ended from outside
   */
  void throwIfCancelled();

  /**
   * Has this closed, on another thread, when the run is ended from outside: newest first, each of
   * them whatever the others throw. A close that hangs holds nothing but its own side thread. If
   * the run has already been ended, it is closed at once, on the calling thread.
   *
   * @param closeable what frees the thread, for instance {@code call::cancel}
   * @return closes the registration, not the closeable: it is then not closed any more
   */
  Registration onCancel(AutoCloseable closeable);

  /** Takes a registration back. Never throws; a second close does nothing. */
  @FunctionalInterface
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
