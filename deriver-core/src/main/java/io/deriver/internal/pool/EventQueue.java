package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands events to one outlet on a thread of its own. Offering never blocks: when the outlet is slow
 * or hangs, events are dropped and counted, and the outlet is told when it comes back. It takes no
 * lock either: runs offer, too, and a virtual thread that is next in line for a lock but gets no
 * carrier, since others hold them all, would stop the duties behind it.
 */
final class EventQueue {

  /** Takes events; what it throws is passed over. */
  @FunctionalInterface
  interface Outlet {
    void write(PoolEvent event) throws Exception;
  }

  private static final int CAPACITY = 4_096;
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

  private final String outletName;
  private final Outlet outlet;
  private final Queue<PoolEvent> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final Signal offered = new Signal();
  private final AtomicLong dropped = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopping;

  EventQueue(String pool, String outletName, Outlet outlet) {
    this.outletName = outletName;
    this.outlet = outlet;
    this.thread = Threads.daemon("deriver-" + pool + "-" + outletName, this::loop);
  }

  void start() {
    thread.start();
  }

  void offer(PoolEvent event) {
    if (queued.get() >= CAPACITY) {
      dropped.incrementAndGet();
      return;
    }
    queue.add(event);
    queued.incrementAndGet();
    offered.set();
  }

  /** Has its thread end once what is queued is consumed. */
  void end() {
    stopping = true;
    offered.set();
  }

  /** Lets what is queued be consumed, at most for so long, then ends. */
  void stop(Duration limit) throws InterruptedException {
    end();
    if (thread.isAlive() && thread != Thread.currentThread()) {
      thread.join(Math.max(1, limit.toMillis()));
    }
  }

  private void loop() {
    while (true) {
      try {
        PoolEvent event = queue.poll();
        if (event == null) {
          if (stopping) {
            return;
          }
          offered.awaitNanos(LOOK_AGAIN_NANOS);
          continue;
        }
        queued.decrementAndGet();
        outlet.write(event);
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
          outlet.write(new PoolEvent.EventsDropped(outletName, lost));
        }
      } catch (Throwable error) {
        // An outlet's failure, or a stray interrupt, must not silence the events behind it.
      }
    }
  }
}
