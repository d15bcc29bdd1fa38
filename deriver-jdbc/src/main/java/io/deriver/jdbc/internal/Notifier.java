package io.deriver.jdbc.internal;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which enqueues tell other processes. Notifying commits wait for one another in the
 * server, so at most one in ten milliseconds does it, for itself and for those before it. What no
 * later one tells of is told of by a call of its own, shortly after those ten. Thread-safe.
 */
final class Notifier {

  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

  private static final String NOT_TOLD =
      "Other processes were not told of new work; they find it when they poll";

  static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** In a burst the next enqueue comes within this, and does it without a call more. */
  static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Runnable call;
  private final Later later;
  private final LongSupplier nanoTime;
  private final AtomicLong last;
  private final AtomicLong followed = new AtomicLong();
  private final AtomicLong told = new AtomicLong();
  private final AtomicBoolean waiting = new AtomicBoolean();

  Notifier(HostCalls calls, SchemaName schema) {
    this(() -> call(calls, schema), onAThread(), System::nanoTime);
  }

  Notifier(Runnable call, Later later, LongSupplier nanoTime) {
    this.call = call;
    this.later = later;
    this.nanoTime = nanoTime;
    last = new AtomicLong(nanoTime.getAsLong() - GAP_NANOS);
  }

  private static Later onAThread() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(1, body -> SideThreads.daemon("deriver-notify", body));
    clock.setKeepAliveTime(10, TimeUnit.SECONDS);
    clock.allowCoreThreadTimeOut(true);
    return (nanos, body) -> {
      var unused = clock.schedule(body, nanos, TimeUnit.NANOSECONDS);
    };
  }

  private static void call(HostCalls calls, SchemaName schema) {
    calls.query(
        "notify other processes",
        "SELECT pg_notify(?, '')",
        statement -> statement.setString(1, schema.channel()),
        rows -> rows.next());
  }

  /**
   * Asks whether an enqueue, which has not begun, is to notify in its own transaction. If that
   * fails, {@link #follow} is to be called.
   *
   * @return what to do when it has been committed, or null if it is not to notify
   */
  @Nullable Runnable lead() {
    long now = nanoTime.getAsLong();
    long before = last.get();
    if (now - before < GAP_NANOS || !last.compareAndSet(before, now)) {
      return null;
    }
    // Told of when it is committed, not from now on: it may hang.
    long soFar = followed.get();
    return () -> told.accumulateAndGet(soFar, Math::max);
  }

  /** An enqueue that did not tell has been committed, or one that was to tell may have failed. */
  void follow() {
    followed.incrementAndGet();
    waitToTell();
  }

  private void waitToTell() {
    if (!waiting.compareAndSet(false, true)) {
      return;
    }
    try {
      long gone = nanoTime.getAsLong() - last.get();
      later.run(Math.max(0, GAP_NANOS - gone) + SLACK_NANOS, this::tell);
    } catch (RuntimeException | Error noThread) {
      // The enqueue is committed: who is told of a failure would enqueue the same once more.
      waiting.set(false);
      LOG.debug(NOT_TOLD, noThread);
    }
  }

  private void tell() {
    waiting.set(false);
    if (told.get() >= followed.get()) {
      return;
    }
    Runnable done = lead();
    if (done == null) {
      waitToTell();
      return;
    }
    try {
      call.run();
      done.run();
    } catch (RuntimeException e) {
      // Nor is it tried again: what fails now would fail each ten milliseconds of an outage.
      LOG.debug(NOT_TOLD, e);
    }
  }

  /** Runs this after so long. */
  @FunctionalInterface
  interface Later {
    void run(long nanos, Runnable body);
  }
}
