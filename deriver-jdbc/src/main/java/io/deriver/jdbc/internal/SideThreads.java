package io.deriver.jdbc.internal;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where calls run that may hang: obtaining, aborting and closing connections. One clock thread,
 * while there is something to wait for, and a fresh daemon thread for each such call, so that none
 * waits for another.
 */
final class SideThreads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SideThreads.class);

  private final String name;
  private final ScheduledExecutorService clock;

  SideThreads(String name) {
    this.name = name;
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, body -> daemon(name + "-clock", body));
    executor.setRemoveOnCancelPolicy(true);
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    clock = Executors.unconfigurableScheduledExecutorService(executor);
  }

  /** Runs this now, on a thread of its own; what it throws is logged. */
  void run(String what, Action action) {
    daemon(
            name + "-" + what,
            () -> {
              try {
                action.run();
              } catch (Exception | Error e) {
                LOG.debug("{} of {} failed; nothing more is done about it", what, name, e);
              }
            })
        .start();
  }

  /** Runs this after so long, on a thread of its own, unless it is cancelled before. */
  Future<?> after(long nanos, String what, Action action) {
    return clock.schedule(() -> run(what, action), nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }

  static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(null, body, name, 0, false);
    thread.setDaemon(true);
    return thread;
  }

  /** Something that may fail. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }
}
