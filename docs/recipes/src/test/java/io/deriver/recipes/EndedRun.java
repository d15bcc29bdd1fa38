package io.deriver.recipes;

import io.deriver.RunCancelledException;
import io.deriver.RunContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A run without a pool, which ends when it is told to, in the way in which a pool ends runs. */
final class EndedRun implements RunContext {

  private final Deque<AutoCloseable> hooks = new ArrayDeque<>();
  private volatile boolean ended;

  /** Interrupts the thread and closes what was registered, on the calling thread. */
  void end(Thread thread) {
    ended = true;
    thread.interrupt();
    for (AutoCloseable hook = next(); hook != null; hook = next()) {
      try {
        hook.close();
      } catch (Exception e) {
        // As a pool: the next one is closed all the same.
      }
    }
  }

  /** How much is registered now. */
  int registered() {
    synchronized (hooks) {
      return hooks.size();
    }
  }

  private @Nullable AutoCloseable next() {
    synchronized (hooks) {
      return hooks.poll();
    }
  }

  @Override
  public Registration onCancel(AutoCloseable closeable) {
    synchronized (hooks) {
      hooks.push(closeable);
    }
    return () -> {
      synchronized (hooks) {
        hooks.remove(closeable);
      }
    };
  }

  @Override
  public Duration timeRemaining() {
    return Duration.ofMinutes(10);
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public long fence() {
    return 1;
  }

  @Override
  public void progress() {}

  @Override
  public boolean isCancelled() {
    return ended;
  }

  @Override
  public void throwIfCancelled() {
    if (ended) {
      throw new RunCancelledException("ended");
    }
  }
}
