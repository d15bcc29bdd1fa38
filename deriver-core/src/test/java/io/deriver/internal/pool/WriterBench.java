package io.deriver.internal.pool;

import io.deriver.FakeStore;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The outcome writer with all that it needs, and runs that ended for it to write. */
final class WriterBench {

  static final Duration GRACE = Duration.ofSeconds(30);
  static final Duration TIMEOUT = Duration.ofMinutes(10);

  final TestClock clock = new TestClock();
  final FakeStore store = new FakeStore();
  final Outcomes outcomes = new Outcomes(GRACE, () -> {});
  final AtomicInteger woken = new AtomicInteger();
  final OutcomeWriter writer;
  private final List<PoolEvent> told = new CopyOnWriteArrayList<>();
  private final Events events = new Events("test", List.of(told::add));

  WriterBench() {
    writer = new OutcomeWriter(outcomes, store, clock, events, woken::incrementAndGet);
    events.start();
  }

  void ended(String... keys) {
    for (String key : keys) {
      store.put(key, "payload");
      Run run = TestRuns.of(clock, TestRuns.claimed(store));
      outcomes.owe(run);
      outcomes.submit(run, TestRuns.endings(clock).completed(run));
    }
  }

  /** All that was told of this kind. Nothing is told any more after it. */
  <E extends PoolEvent> List<E> told(Class<E> kind) throws InterruptedException {
    stop();
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  void stop() throws InterruptedException {
    events.stop(Duration.ofSeconds(5));
  }
}
