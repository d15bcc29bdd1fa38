package io.deriver.testkit.pool;

import io.deriver.ItemType;
import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Hears how units end, on any pool and store, and lets a test wait for that.
 *
 * <pre>{@code
 * UnitEnds ends = new UnitEnds();
 * try (Pool pool = builder.listener(ends).start()) {
 *   queue.enqueue(Item.of(SUMMARY, "conversation:42", "hello"));
 *   UnitEnd end = ends.await(SUMMARY, "conversation:42", Duration.ofSeconds(30));
 *   assertThat(end.kind()).isEqualTo(UnitEnd.Kind.COMPLETED);
 * }
 * }</pre>
 *
 * <p>What holds: it is told after the store has it, so what the unit did is there to be seen. What
 * does not: it hears what this pool does; a unit that another process works ends unheard, and so
 * does one whose event was dropped because a listener hung.
 *
 * <p>Thread-safe.
 */
public final class UnitEnds implements PoolListener {

  private final PoolClock clock;
  private final long origin;
  private final List<UnitEnd> all = new ArrayList<>();
  private final Set<UnitEnd> returned = new HashSet<>();

  /** Hears by the JVM's clock. */
  public UnitEnds() {
    this(PoolClock.system());
  }

  /** Hears by this clock: {@link UnitEnd#at()} counts from now on it. */
  public UnitEnds(PoolClock clock) {
    this.clock = clock;
    this.origin = clock.nanoTime();
  }

  @Override
  public void onEvent(PoolEvent event) {
    UnitEnd.of(event, Duration.ofNanos(clock.nanoTime() - origin)).ifPresent(this::add);
  }

  private synchronized void add(UnitEnd end) {
    all.add(end);
    notifyAll();
  }

  /** All ends so far, in the order in which they were told. */
  public synchronized List<UnitEnd> all() {
    return List.copyOf(all);
  }

  /** The ends of a key so far, in their order; failed attempts among them. */
  public synchronized List<UnitEnd> of(ItemType<?> type, String key) {
    return all.stream()
        .filter(end -> end.type().equals(type.name()) && end.key().equals(key))
        .toList();
  }

  /**
   * Waits until a unit of this key is over: completed, discarded, split or dead-lettered. The next
   * call is for the next unit of the key.
   *
   * @param within how long to wait, in real time
   * @return the oldest such end that no earlier call has returned
   * @throws AssertionError if there is none in time; the message has what was heard of the key
   * @throws InterruptedException if the calling thread is interrupted
   */
  public synchronized UnitEnd await(ItemType<?> type, String key, Duration within)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    Optional<UnitEnd> end = next(type, key);
    while (end.isEmpty()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(
            "no unit of type=%s key=%s has ended within %s; heard of the key: %s"
                .formatted(type, key, within, of(type, key)));
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      end = next(type, key);
    }
    returned.add(end.get());
    return end.get();
  }

  private Optional<UnitEnd> next(ItemType<?> type, String key) {
    return of(type, key).stream()
        .filter(end -> end.kind().isFinal() && !returned.contains(end))
        .findFirst();
  }
}
