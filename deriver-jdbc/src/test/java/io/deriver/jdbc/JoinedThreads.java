package io.deriver.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test, joined within a minute; the first failure fails the test. */
final class JoinedThreads {

  private final List<FutureTask<?>> started = new ArrayList<>();

  void start(Work work) {
    FutureTask<?> future =
        new FutureTask<>(
            () -> {
              work.run();
              return null;
            });
    started.add(future);
    Thread thread = new Thread(future, "test");
    thread.setDaemon(true);
    thread.start();
  }

  void join() throws InterruptedException {
    for (FutureTask<?> one : started) {
      try {
        one.get(60, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        throw new AssertionError("a thread has not ended in a minute", e);
      }
    }
  }

  /** What a thread does. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }
}
