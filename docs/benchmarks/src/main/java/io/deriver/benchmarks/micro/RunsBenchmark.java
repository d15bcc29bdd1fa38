package io.deriver.benchmarks.micro;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Items through a pool at its defaults over the testkit's store in memory: no-op, one key each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RunsBenchmark {

  private static final int BURST = 1_000;
  private static final ItemType<String> NOOP = ItemType.of("noop", String.class);

  private final InMemoryWorkStore store = new InMemoryWorkStore();
  private final Semaphore called = new Semaphore(0);
  private final List<Item<String>> items =
      IntStream.range(0, BURST).mapToObj(i -> Item.of(NOOP, "key" + i, "payload")).toList();
  private final Pool pool =
      Pool.builder(store).name("micro").processor(NOOP, (unit, run) -> called()).start();

  private int next;

  private Outcome called() {
    called.release();
    return Outcome.done();
  }

  /** Ends the pool. */
  @TearDown
  public void close() {
    pool.close();
  }

  /** From the enqueue of one item until the processor is called: the wake-ups on the way. */
  @Benchmark
  public void single() throws InterruptedException {
    next = (next + 1) % BURST;
    store.enqueue(items.get(next));
    called.acquire();
  }

  /** An item of a thousand that are enqueued together, until the last is called for. */
  @Benchmark
  @OperationsPerInvocation(BURST)
  public void burst() throws InterruptedException {
    store.enqueueAll(items);
    called.acquire(BURST);
  }
}
