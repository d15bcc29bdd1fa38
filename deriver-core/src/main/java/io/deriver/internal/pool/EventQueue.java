package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands events to one consumer on a thread of its own. Offering never blocks: when the consumer is
 * slow or hangs, events are dropped and counted, and the consumer is told when it comes back.
 */
final class EventQueue {

  /** Takes events; what it throws is passed over. */
  @FunctionalInterface
  interface Consumer {
    void accept(PoolEvent event) throws Exception;
  }

  private static final int CAPACITY = 4_096;
  private static final PoolEvent WAKE_UP = new PoolEvent.EventsDropped("nobody", 0);

  private final String consumerName;
  private final Consumer consumer;
  private final BlockingQueue<PoolEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopping;

  EventQueue(String pool, String consumerName, Consumer consumer) {
    this.consumerName = consumerName;
    this.consumer = consumer;
    this.thread = Threads.daemon("deriver-" + pool + "-" + consumerName, this::loop);
  }

  void start() {
    thread.start();
  }

  void offer(PoolEvent event) {
    if (!queue.offer(event)) {
      dropped.incrementAndGet();
    }
  }

  /** Lets what is queued be consumed, at most for so long, then ends. */
  void stop(Duration limit) throws InterruptedException {
    stopping = true;
    offer(WAKE_UP);
    if (thread.isAlive() && thread != Thread.currentThread()) {
      thread.join(Math.max(1, limit.toMillis()));
    }
  }

  private void loop() {
    while (true) {
      try {
        PoolEvent event = queue.take();
        if (event != WAKE_UP) {
          consumer.accept(event);
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
          consumer.accept(new PoolEvent.EventsDropped(consumerName, lost));
        }
      } catch (Throwable error) {
        // A consumer's failure, or a stray interrupt, must not silence the events behind it.
      }
      if (stopping && queue.isEmpty()) {
        return;
      }
    }
  }
}
