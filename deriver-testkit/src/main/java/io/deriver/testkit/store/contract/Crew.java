package io.deriver.testkit.store.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads of one test; the first of them that fails stops the others and fails the test. */
final class Crew implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "contract");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Future<?>> works = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  void start(Work work) {
    works.add(
        threads.submit(
            () -> {
              try {
                work.run();
              } catch (Throwable e) {
                if (first.compareAndSet(null, e)) {
                  threads.shutdownNow();
                }
              }
            }));
  }

  void start(int times, Work work) {
    for (int i = 0; i < times; i++) {
      start(work);
    }
  }

  /** Whether one of the threads has failed: then the others have nothing to wait for. */
  boolean isStopped() {
    return threads.isShutdown() || Thread.currentThread().isInterrupted();
  }

  /** Waits for all of them, and throws what the first that failed threw. */
  void join() throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (Future<?> work : works) {
      try {
        work.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("a thread could not run", e);
      } catch (TimeoutException e) {
        throw new AssertionError("a thread has not ended in " + PATIENCE_SECONDS + " s", e);
      }
    }
    works.clear();
    Throwable failure = first.get();
    if (failure != null) {
      throw new AssertionError("a thread failed: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** What a thread does. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }
}
