package io.deriver.benchmarks.drain;

import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.benchmarks.measure.Payloads;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Does nothing with items but see that each comes once, after those of its key that were added
 * before it: of keys that take turns, the next item's number is known. Thread-safe.
 */
final class KeyOrder implements Processor<String> {

  private static final int NUMBER_IN_KEY = "key".length();

  private final int keys;
  private final AtomicIntegerArray next;
  private final AtomicReference<@Nullable String> broken = new AtomicReference<>();

  KeyOrder(int keys) {
    this.keys = keys;
    next = new AtomicIntegerArray(IntStream.range(0, keys).toArray());
  }

  @Override
  public Outcome process(WorkUnit<String> unit, RunContext run) {
    came(unit.key(), unit.payloads());
    return Outcome.done();
  }

  /** These items of the key came, in this order. */
  void came(String name, List<String> payloads) {
    int key = Integer.parseInt(name, NUMBER_IN_KEY, name.length(), 10);
    for (String payload : payloads) {
      int number = Payloads.number(payload);
      if (!next.compareAndSet(key, number, number + keys)) {
        broken.compareAndSet(
            null, "item %d of %s came where %d was due".formatted(number, name, next.get(key)));
      }
    }
  }

  /**
   * Returns if all items came so.
   *
   * @throws IllegalStateException if one did not
   */
  void require(int items) {
    String violation = broken.get();
    for (int key = 0; key < keys && violation == null; key++) {
      if (next.get(key) < items) {
        violation = "item %d of key%d never came".formatted(next.get(key), key);
      }
    }
    if (violation != null) {
      throw new IllegalStateException("the order by key does not hold: " + violation);
    }
  }
}
