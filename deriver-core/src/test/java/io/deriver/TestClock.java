package io.deriver;

import io.deriver.spi.PoolClock;
import io.deriver.spi.Signal;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until the test moves it; waiting threads wake at every move. */
public final class TestClock implements PoolClock {

  private final AtomicLong now = new AtomicLong(1_000_000_000L);
  private final Set<Signal> waiting = ConcurrentHashMap.newKeySet();

  @Override
  public long nanoTime() {
    return now.get();
  }

  @Override
  public void await(Signal signal, long untilNanos) throws InterruptedException {
    waiting.add(signal);
    try {
      if (now.get() - untilNanos < 0) {
        signal.awaitNanos(TimeUnit.MINUTES.toNanos(5));
      }
    } finally {
      waiting.remove(signal);
    }
  }

  /** Moves the time forward and wakes whoever waits. */
  public void advance(Duration by) {
    now.addAndGet(by.toNanos());
    waiting.forEach(Signal::set);
  }
}
