package io.deriver.recipes;

import io.deriver.RunContext;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The run that the calling thread works for, so that what makes the HTTP calls deep inside an SDK
 * can register what ends them. Thread-safe.
 */
// docs:start run-scope
public final class RunScope implements AutoCloseable {

  private static final ThreadLocal<@Nullable RunScope> CURRENT = new ThreadLocal<>();

  private final RunContext run;
  private final Deque<AutoCloseable> atEnd = new ArrayDeque<>();
  private boolean ended;

  private RunScope(RunContext run) {
    this.run = run;
  }

  /** From here until it is closed, calls of this thread are calls of the run. */
  public static RunScope of(RunContext run) {
    RunScope scope = new RunScope(run);
    CURRENT.set(scope);
    return scope;
  }

  /** The scope of this thread; null outside of one. */
  static @Nullable RunScope current() {
    return CURRENT.get();
  }

  /** Registers a call; to be asked before each, so that an SDK's retries end with the run. */
  void onCancel(AutoCloseable call) {
    run.throwIfCancelled();
    closeAtEnd(run.onCancel(call));
  }

  void throwIfCancelled() {
    run.throwIfCancelled();
  }

  /** Closes this when the scope ends; at once if it has. */
  void closeAtEnd(AutoCloseable open) {
    synchronized (atEnd) {
      if (!ended) {
        atEnd.push(open);
        return;
      }
    }
    closeQuietly(open);
  }

  @Override
  public void close() {
    CURRENT.remove();
    synchronized (atEnd) {
      ended = true;
    }
    atEnd.forEach(RunScope::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      // Nobody waits for what it was part of.
    }
  }
}
// docs:end
