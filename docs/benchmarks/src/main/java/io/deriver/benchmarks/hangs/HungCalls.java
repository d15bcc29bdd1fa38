package io.deriver.benchmarks.hangs;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** For how long calls that hung had their slots. Thread-safe. */
final class HungCalls implements PoolListener {

  private final Supplier<Seen> now;
  private final AtomicReference<@Nullable Seen> firstTimeout = new AtomicReference<>();
  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  HungCalls(Supplier<Seen> now) {
    this.now = now;
  }

  /** One begins to hang. */
  void begins(String key, int attempt) {
    begun.put(name(key, attempt), System.nanoTime());
  }

  @Override
  public void onEvent(PoolEvent event) {
    if (event instanceof PoolEvent.RunTimedOut timedOut) {
      firstTimeout.compareAndSet(null, now.get());
      String name = name(timedOut.claim().key(), timedOut.attempt());
      long from = begun.getOrDefault(name, System.nanoTime());
      held.put(name, new Held(from, from + timedOut.after().toNanos()));
    }
  }

  private static String name(String key, int attempt) {
    return key + ", attempt " + attempt;
  }

  /** When the first had timed out: from then on as many end as begin. Null if none has. */
  @Nullable Seen firstTimeout() {
    return firstTimeout.get();
  }

  /** Whether the slot of each that has begun is free again. */
  boolean allTimedOut() {
    return held.keySet().containsAll(begun.keySet());
  }

  /** How many slots they had on the average; asked when all have timed out. */
  double slots(Seen from, Seen to) {
    return Held.mean(List.copyOf(held.values()), from.at(), to.at());
  }
}
