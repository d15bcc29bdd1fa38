package io.deriver.testkit.process;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process and those that it has started, which must not outlive this JVM. Thread-safe. */
final class KilledAtExit {

  /** What has ended and is not collected by then is taken for one that nobody collects. */
  private static final long COLLECTED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ProcessHandle process;
  private final Set<ProcessHandle> children = ConcurrentHashMap.newKeySet();
  private final Thread hook = new Thread(null, this::killAll, "kill-at-exit", 0, false);

  KilledAtExit(Process process) {
    this.process = process.toHandle();
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      killAll();
    }
  }

  /** Remembers those that it has started: once it has ended they cannot be found. */
  void noteChildren() {
    process.descendants().forEach(children::add);
  }

  void killAll() {
    noteChildren();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  /**
   * Waits for the end of all of them. An interrupt is kept for later.
   *
   * @throws IllegalStateException if one has not ended in time
   */
  void awaitGone(Duration within) {
    awaitGone(process, within);
    children.forEach(child -> awaitGone(child, within));
  }

  static void awaitGone(ProcessHandle one, Duration within) {
    long until = System.nanoTime() + within.toNanos();
    boolean interrupted = false;
    while (one.isAlive()) {
      try {
        long left = Math.max(1, until - System.nanoTime());
        one.onExit().get(Math.min(left, COLLECTED_WITHIN_NANOS), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (TimeoutException | ExecutionException e) {
        if (Signals.isDefunct(one.pid())) {
          break;
        }
        if (until - System.nanoTime() <= 0) {
          throw new IllegalStateException(
              "process %d has not ended within %s".formatted(one.pid(), within), e);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** They have ended; nothing is to be done when this JVM does. */
  void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // Then the hook finds nothing to do.
    }
  }
}
