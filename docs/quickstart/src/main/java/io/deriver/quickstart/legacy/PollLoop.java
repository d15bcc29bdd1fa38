package io.deriver.quickstart.legacy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The one thread that polls, until it is closed. */
final class PollLoop {

  private static final long PAUSE_MILLIS = 20;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  PollLoop(String name, Pass pass) {
    thread =
        new Thread(
            () -> {
              try {
                do {
                  pass.run();
                } while (!closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
              } catch (Exception e) {
                throw new IllegalStateException(name + " died", e);
              }
            },
            name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Stops the loop and waits for its last pass. */
  void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One round of the loop. */
  @FunctionalInterface
  interface Pass {
    void run() throws Exception;
  }
}
