package io.deriver.testkit.pool;

import io.deriver.RunContext;
import java.time.Duration;
import java.util.function.Consumer;

/** Something that any number of runs can hang in at once. */
interface Hang extends AutoCloseable {

  /**
   * Hangs. Says before what a careful processor would have closed, and tells the run of content.
   *
   * @param closes takes what is to be closed; what it is given may free the caller, or hang too
   */
  void enter(RunContext run, Consumer<AutoCloseable> closes) throws Exception;

  /** Waits until so many callers hang, as far as this side can tell. */
  boolean awaitHung(int callers, Duration within) throws InterruptedException;

  /** Lets everybody go. */
  @Override
  void close();
}
