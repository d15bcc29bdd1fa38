package io.deriver.testkit.store;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.WorkStore;
import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.time.ManualPoolClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The store in memory as the contract sees it, perhaps through a wrapper. */
final class InMemoryHarness implements StoreHarness {

  private final ManualPoolClock clock = new ManualPoolClock();
  private final InMemoryWorkStore memory = new InMemoryWorkStore(clock);
  private final List<String> effects = new CopyOnWriteArrayList<>();
  private final WorkStore store;

  private final EnqueueTwist enqueue;

  InMemoryHarness() {
    this(UnaryOperator.identity(), (items, memory) -> memory.enqueueAll(items));
  }

  InMemoryHarness(UnaryOperator<WorkStore> wrapper, EnqueueTwist enqueue) {
    this.store = wrapper.apply(memory);
    this.enqueue = enqueue;
  }

  InMemoryHarness keeping(Duration keep) {
    memory.keepDone(keep);
    return this;
  }

  @Override
  public WorkStore store() {
    return store;
  }

  @Override
  public List<Long> enqueueAll(List<? extends Item<?>> items) {
    return enqueue.enqueueAll(items, memory).stream().map(Enqueued::id).toList();
  }

  @Override
  public void age(Duration by) {
    clock.advance(by);
  }

  @Override
  public List<Long> pending(String type, String key) {
    return memory.pending(type, key);
  }

  @Override
  public List<ErrorEntry> errors(String type, String key) {
    return memory.errors(type, key);
  }

  @Override
  public StoreCounts counts() {
    return memory.counts();
  }

  @Override
  public List<DeadLetter> deadLetters() {
    return memory.deadLetters();
  }

  @Override
  public void flush(ItemType<?> type, String key) {
    memory.flush(type, key);
  }

  @Override
  public void flush(ItemType<?> type) {
    memory.flush(type);
  }

  @Override
  public void flushAll() {
    memory.flushAll();
  }

  @Override
  public boolean pause(ItemType<?> type) {
    return memory.pause(type);
  }

  @Override
  public boolean resume(ItemType<?> type) {
    return memory.resume(type);
  }

  @Override
  public long cancelPending(ItemType<?> type, String key) {
    return memory.cancelPending(type, key);
  }

  @Override
  public List<DoneItem> done(String type, String key, int limit) {
    return memory.done(type, key, limit);
  }

  @Override
  public boolean cancelRunning(ItemType<?> type, String key) {
    return memory.cancelRunning(type, key);
  }

  @Override
  public void requeue(long id) {
    memory.requeue(id);
  }

  @Override
  public void discard(long id) {
    memory.discard(id);
  }

  @Override
  public CompletionStep step(String effect, Callable<?> call) {
    InMemoryStep step =
        transaction -> {
          transaction.onCommit(() -> effects.add(effect));
          call.call();
        };
    return step;
  }

  @Override
  public List<String> effects() {
    return List.copyOf(effects);
  }

  @Override
  public void close() {}

  /** What happens to items on their way into the store. */
  @FunctionalInterface
  interface EnqueueTwist {
    List<Enqueued> enqueueAll(List<? extends Item<?>> items, InMemoryWorkStore memory);
  }
}
