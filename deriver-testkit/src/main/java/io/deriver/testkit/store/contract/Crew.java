package io.deriver.testkit.store.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Threads of one test; the first of them that fails stops the others and fails the test. */
final class Crew implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "contract");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Future<?>> works = new ArrayList<>();
  private final AtomicBoolean stopped = new AtomicBoolean();

  void start(Work work) {
    works.add(
        threads.submit(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                stopped.set(true);
                throw e;
              }
              return null;
            }));
  }

  void start(int times, Work work) {
    for (int i = 0; i < times; i++) {
      start(work);
    }
  }

  /** Whether one of the threads has failed: then the others have nothing to wait for. */
  boolean isStopped() {
    return stopped.get() || Thread.currentThread().isInterrupted();
  }

  /** Waits for all of them, and throws what the first that failed threw. */
  void join() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (Future<?> work : works) {
      try {
        work.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("a thread failed: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        stopped.set(true);
        throw new AssertionError("a thread has not ended in " + PATIENCE_SECONDS + " s", e);
      }
    }
  }

  @Override
  public void close() {
    stopped.set(true);
    threads.shutdownNow();
  }

  /** What a thread does. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }
}
