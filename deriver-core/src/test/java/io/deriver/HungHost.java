package io.deriver;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** A host whose eight slots all hang, run as a process of its own by {@link JvmExitTest}. */
final class HungHost {

  private static final int SLOTS = 8;

  private HungHost() {}

  public static void main(String[] args) {
    boolean waitsForSigterm = args[0].equals("sigterm");
    CountDownLatch hung = new CountDownLatch(SLOTS);
    FakeStore store = new FakeStore();
    for (int i = 0; i < SLOTS; i++) {
      store.put("k" + i, "payload");
    }
    store.afterWrite = () -> store.written.forEach(write -> System.out.println(write.end()));
    Pool pool =
        Pool.builder(store)
            .processor(
                PoolFixture.TYPE,
                (unit, run) -> {
                  hung.countDown();
                  return new CompletableFuture<Outcome>().join();
                })
            .slots(SLOTS)
            .pollInterval(Duration.ofMillis(5), Duration.ofMillis(50))
            .closeTimeout(Duration.ofMillis(200))
            .drainOnShutdown(waitsForSigterm)
            .start();
    try {
      hung.await();
      System.out.println("HUNG");
      if (waitsForSigterm) {
        new CountDownLatch(1).await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pool.close();
    System.out.println("CLOSED");
  }
}
