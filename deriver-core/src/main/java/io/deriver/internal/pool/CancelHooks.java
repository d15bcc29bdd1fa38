package io.deriver.internal.pool;

import io.deriver.RunContext.Registration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What a run wants closed when it is ended from outside. The lock is held for list operations only,
 * never while host code runs.
 */
final class CancelHooks {

  private final Deque<Hook> hooks = new ArrayDeque<>();
  private boolean fired;

  /** Adds a hook or, after {@link #fire()}, closes it at once on the calling thread. */
  Registration add(AutoCloseable closeable) {
    Hook hook = new Hook(closeable);
    synchronized (hooks) {
      if (!fired) {
        hooks.push(hook);
        return () -> remove(hook);
      }
    }
    close(hook);
    return () -> {};
  }

  boolean isEmpty() {
    synchronized (hooks) {
      return hooks.isEmpty();
    }
  }

  /** Closes every hook, newest first, on the calling thread; which may hang in any of them. */
  void fire() {
    for (Hook hook = next(); hook != null; hook = next()) {
      close(hook);
    }
  }

  private @Nullable Hook next() {
    synchronized (hooks) {
      fired = true;
      return hooks.poll();
    }
  }

  private void remove(Hook hook) {
    synchronized (hooks) {
      hooks.remove(hook);
    }
  }

  private static void close(Hook hook) {
    try {
      hook.closeable.close();
    } catch (Throwable error) {
      // What one hook throws must not keep the next from being closed; the run's end is told
      // anyway.
    }
  }

  /** Wraps the closeable, so that registrations are told apart by identity. */
  private static final class Hook {
    private final AutoCloseable closeable;

    Hook(AutoCloseable closeable) {
      this.closeable = closeable;
    }
  }
}
