package io.deriver.jdbc.internal;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which enqueues tell other processes. Notifying commits wait for one another in the
 * server, so at most one in ten milliseconds does it, and one more after the last of a burst.
 * Thread-safe.
 */
final class Notifier {

  private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

  private static final long GAP_MILLIS = 10;
  private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(GAP_MILLIS);

  private final HostCalls calls;
  private final SchemaName schema;
  private final LongSupplier nanoTime;
  private final AtomicLong last;
  private final AtomicBoolean trailing = new AtomicBoolean();
  private final ScheduledThreadPoolExecutor later;

  Notifier(HostCalls calls, SchemaName schema) {
    this(calls, schema, System::nanoTime);
  }

  Notifier(HostCalls calls, SchemaName schema, LongSupplier nanoTime) {
    this.calls = calls;
    this.schema = schema;
    this.nanoTime = nanoTime;
    last = new AtomicLong(nanoTime.getAsLong() - GAP_NANOS);
    later = new ScheduledThreadPoolExecutor(1, body -> SideThreads.daemon("deriver-notify", body));
    later.setKeepAliveTime(10, TimeUnit.SECONDS);
    later.allowCoreThreadTimeOut(true);
  }

  /** Whether this enqueue is to notify in its own transaction. */
  boolean leads() {
    long now = nanoTime.getAsLong();
    long before = last.get();
    return now - before >= GAP_NANOS && last.compareAndSet(before, now);
  }

  /** An enqueue that did not lead has been committed. */
  void follow() {
    if (trailing.compareAndSet(false, true)) {
      var unused = later.schedule(this::send, GAP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void send() {
    trailing.set(false);
    last.set(nanoTime.getAsLong());
    try {
      calls.query(
          "notify other processes",
          "SELECT pg_notify(?, '')",
          statement -> statement.setString(1, schema.channel()),
          rows -> rows.next());
    } catch (RuntimeException e) {
      LOG.debug("Other processes were not told of new work; they find it when they poll", e);
    }
  }
}
