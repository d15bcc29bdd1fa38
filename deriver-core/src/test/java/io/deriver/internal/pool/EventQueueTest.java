package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolEvent;
import io.deriver.PoolFixture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariants 9 and 11: only events that nobody takes are dropped, however many there were. */
class EventQueueTest {

  private static final int AT_ONCE = 4_096;

  @Test
  void whatIsTakenMakesRoom() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    List<PoolEvent> drops = new CopyOnWriteArrayList<>();
    EventQueue queue =
        new EventQueue(
            "test",
            "counter",
            event -> {
              if (event instanceof PoolEvent.EventsDropped) {
                drops.add(event);
              }
              taken.incrementAndGet();
            });
    queue.start();
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < AT_ONCE; i++) {
        queue.offer(new PoolEvent.Resumed(i));
      }
      int all = round * AT_ONCE;
      PoolFixture.until(() -> taken.get() == all);
    }
    queue.stop(Duration.ofSeconds(10));
    assertThat(drops).isEmpty();
  }
}
