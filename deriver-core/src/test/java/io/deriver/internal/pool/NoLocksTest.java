package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.PoolFixture;
import io.deriver.TestClock;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 1: what both runs and duties use has no lock. A virtual thread that is next in line for
 * one and gets no carrier, since others spin on all of them, stops whoever waits behind it,
 * platform threads included, until they let go.
 */
class NoLocksTest {

  private final TestClock clock = new TestClock();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Events events = new Events("test", List.of());
  private final Outcomes outcomes = new Outcomes(Duration.ofSeconds(30), () -> {});
  private final AbandonedRuns abandoned = new AbandonedRuns(64, clock, events, outcomes, () -> {});
  private final Runs runs = new Runs(outcomes, abandoned, run -> {}, () -> {});

  @AfterEach
  void letGo() {
    over.countDown();
  }

  @Test
  void aRunEndsWhileItsEntriesAreHeldInEveryRegistry() throws Exception {
    Run run = TestRuns.run(clock, 1, limits -> {});
    runs.add(run);
    abandoned.add(run);
    abandoned.closing(run);
    outcomes.owe(run);
    outcomes.hold(run, TestRuns.endings(clock).completed(run), Long.MAX_VALUE);
    List<Map<Long, Object>> registries = new ArrayList<>();
    for (Object room : List.of(runs, abandoned, outcomes)) {
      registries.addAll(mapsOf(room));
    }
    assertThat(registries).hasSize(5);
    CountDownLatch held = new CountDownLatch(registries.size());
    registries.forEach(registry -> start(() -> hold(registry, held)));
    held.await();

    Thread duty =
        start(
            () -> {
              runs.end(run, new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, Duration.ofSeconds(1)));
              outcomes.stopHoldingAll();
              abandoned.closed(run);
              abandoned.returned(run);
              outcomes.paid(run.fence());
              runs.add(TestRuns.run(clock, 17, limits -> {}));
            });

    PoolFixture.until(() -> !duty.isAlive());
    assertThat(outcomes.take(10)).hasSize(1);
  }

  @Test
  void stacksAreTakenAndHooksAreClosedWhileTheirObjectsAreHeld() throws Exception {
    CancelHooks hooks = new CancelHooks();
    StackSampler stacks = new StackSampler(clock);
    CountDownLatch closed = new CountDownLatch(1);
    hooks.add(closed::countDown);
    CountDownLatch held = new CountDownLatch(2);
    start(() -> holdMonitors(hooks, held));
    start(() -> holdMonitors(stacks, held));
    held.await();

    Thread duty =
        start(
            () -> {
              stacks.stackOf(Thread.currentThread());
              if (!hooks.endedEmpty()) {
                hooks.fire();
              }
            });

    PoolFixture.until(() -> !duty.isAlive());
    assertThat(closed.getCount()).isZero();
  }

  private static Thread start(Runnable body) {
    Thread thread = Threads.daemon("no-locks-test", body);
    thread.start();
    return thread;
  }

  private void hold(Map<Long, Object> registry, CountDownLatch held) {
    registry.compute(
        1L,
        (fence, entry) -> {
          held.countDown();
          await();
          return entry;
        });
  }

  private void holdMonitors(Object owner, CountDownLatch held) {
    synchronized (owner) {
      holdFields(owner, List.of(owner.getClass().getDeclaredFields()), held);
    }
  }

  private void holdFields(Object owner, List<Field> fields, CountDownLatch held) {
    if (fields.isEmpty()) {
      held.countDown();
      await();
      return;
    }
    Object value = valueOf(fields.get(0), owner);
    synchronized (value == clock ? owner : value) {
      holdFields(owner, fields.subList(1, fields.size()), held);
    }
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Map<Long, Object>> mapsOf(Object room) {
    List<Map<Long, Object>> maps = new ArrayList<>();
    for (Field field : room.getClass().getDeclaredFields()) {
      if (Map.class.isAssignableFrom(field.getType())) {
        maps.add((Map<Long, Object>) valueOf(field, room));
      }
    }
    return maps;
  }

  private static Object valueOf(Field field, Object owner) {
    try {
      field.setAccessible(true);
      return field.get(owner);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
