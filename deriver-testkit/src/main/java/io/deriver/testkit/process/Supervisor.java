package io.deriver.testkit.process;

import io.deriver.internal.Checks;
import io.deriver.testkit.internal.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a process running, as a container platform does: when one has died, however, another is
 * started after a delay.
 *
 * <pre>{@code
 * try (Supervisor host = Supervisor.start(JavaProcess.of(Host.class), Duration.ofMillis(200))) {
 *   host.current().awaitLine("ready", Duration.ofSeconds(30));
 *   host.current().kill();
 *   host.awaitRestarts(1, Duration.ofSeconds(30)).awaitLine("ready", Duration.ofSeconds(30));
 * }
 * }</pre>
 *
 * <p>What holds: one process at a time; after {@link #close()} none runs and none is started. What
 * does not: there is no growing backoff, so that a process that dies at once is started again and
 * again, a delay apart.
 *
 * <p>Thread-safe. It costs one thread, a daemon, beside those of the process.
 */
public final class Supervisor implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final JavaProcess.Builder builder;
  private final Duration delay;
  private final List<JavaProcess> all = new ArrayList<>();
  private final Thread thread = Threads.daemon("supervisor", this::watch);
  private @Nullable Throwable broken;
  private boolean closed;

  private Supervisor(JavaProcess.Builder builder, Duration delay) {
    this.builder = Objects.requireNonNull(builder, "builder");
    this.delay = Checks.between("delay", delay, Duration.ZERO, Duration.ofHours(1));
  }

  /**
   * Starts the first process; it runs when this returns.
   *
   * @param process complete: it is not to be changed any more
   * @param delay how long after the death of one another is started, zero to 1 hour
   * @throws java.io.UncheckedIOException if no process can be started
   */
  public static Supervisor start(JavaProcess.Builder process, Duration delay) {
    Supervisor supervisor = new Supervisor(process, delay);
    supervisor.startOne();
    supervisor.thread.start();
    return supervisor;
  }

  /** The newest process, which may have died. */
  public synchronized JavaProcess current() {
    return all.get(all.size() - 1);
  }

  /** All processes, the oldest first. */
  public synchronized List<JavaProcess> all() {
    return List.copyOf(all);
  }

  /** How many were started after another's death. */
  public synchronized int restarts() {
    return all.size() - 1;
  }

  /**
   * Waits until there were so many restarts in all.
   *
   * @return the newest process
   * @throws AssertionError if there are not in time
   * @throws IllegalStateException if one could not be started, or this is closed
   */
  public synchronized JavaProcess awaitRestarts(int restarts, Duration within)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (restarts() < restarts) {
      if (closed || broken != null) {
        throw new IllegalStateException("it starts no more processes", broken);
      }
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(
            "%d restarts within %s, %d were awaited; the newest: %s"
                .formatted(restarts(), within, restarts, current()));
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    return current();
  }

  private void watch() {
    try {
      do {
        current().awaitExit(Duration.ofDays(366));
      } while (rested() && startOne());
    } catch (InterruptedException closing) {
      // close() ends what there is.
    } catch (RuntimeException | Error cannotStart) {
      synchronized (this) {
        broken = cannotStart;
        notifyAll();
      }
    }
  }

  /** Says whether to go on. */
  private synchronized boolean rested() throws InterruptedException {
    long until = System.nanoTime() + delay.toNanos();
    for (long left; !closed && (left = until - System.nanoTime()) > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    return !closed;
  }

  private synchronized boolean startOne() {
    if (!closed) {
      all.add(builder.start());
      notifyAll();
    }
    return !closed;
  }

  /**
   * Kills the process, and starts no other. Can be repeated.
   *
   * @throws IllegalStateException if a process does not end; the others have ended all the same
   */
  @Override
  public void close() {
    List<JavaProcess> started;
    synchronized (this) {
      closed = true;
      started = List.copyOf(all);
      notifyAll();
    }
    RuntimeException failure = null;
    for (JavaProcess process : started) {
      try {
        process.close();
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    Threads.awaitEnd(List.of(thread), LIMIT);
    if (failure != null) {
      throw failure;
    }
  }
}
