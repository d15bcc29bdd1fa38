package io.deriver.internal.pool;

import io.deriver.RunContext.Registration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * What a run wants closed when it is ended from outside. Takes no lock: the run's own thread, which
 * may be a virtual one that gets no carrier, must not hold up who closes.
 */
final class CancelHooks {

  private final Deque<Hook> hooks = new ConcurrentLinkedDeque<>();
  private volatile boolean fired;

  /** Adds a hook or, after {@link #fire()}, closes it at once on the calling thread. */
  Registration add(AutoCloseable closeable) {
    Hook hook = new Hook(closeable);
    hooks.push(hook);
    // Who takes it out closes it: this call, or the one that fires.
    if (fired && hooks.remove(hook)) {
      close(hook);
    }
    return () -> hooks.remove(hook);
  }

  /** From here on they are closed where they are added; says whether none was left before that. */
  boolean endedEmpty() {
    fired = true;
    return hooks.isEmpty();
  }

  /** Closes every hook, newest first, on the calling thread; which may hang in any of them. */
  void fire() {
    fired = true;
    for (Hook hook; (hook = hooks.poll()) != null; ) {
      close(hook);
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
