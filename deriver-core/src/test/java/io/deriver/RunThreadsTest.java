package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The threads of runs: clean, daemon, never used again after an interrupt; virtual by choice. */
class RunThreadsTest {

  private static final InheritableThreadLocal<String> INHERITED = new InheritableThreadLocal<>();

  @Test
  void theyInheritNothingAndCarryNothingOver() {
    List<String> found = new CopyOnWriteArrayList<>();
    INHERITED.set("the host's");
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  found.add(INHERITED.get() + " " + MDC.get("user") + " " + MDC.get("deriver.key"));
                  MDC.put("user", "left behind");
                  assertThat(Thread.currentThread().isDaemon()).isTrue();
                  return Outcome.done();
                })
            .settings(p -> p.slots(1))
            .content(s -> s.put("a", "").put("b", ""))
            .start()) {
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(found).containsExactly("null null a", "null null b");
    } finally {
      INHERITED.remove();
    }
  }

  @Test
  void oneThatWasInterruptedIsNotUsedAgain() {
    Set<Thread> interrupted = ConcurrentHashMap.newKeySet();
    List<String> reused = new CopyOnWriteArrayList<>();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  if (interrupted.contains(Thread.currentThread())) {
                    reused.add(unit.key());
                  }
                  if (unit.key().startsWith("bad")) {
                    interrupted.add(Thread.currentThread());
                    Thread.currentThread().interrupt();
                  }
                  return Outcome.done();
                })
            .settings(p -> p.slots(1))
            .content(
                s -> {
                  for (int i = 0; i < 20; i++) {
                    s.put("bad" + i, "").put("good" + i, "");
                  }
                })
            .start()) {
      PoolFixture.until(fixture.store::isEmpty);
      assertThat(interrupted).hasSize(20);
      assertThat(reused).isEmpty();
    }
  }

  @Test
  void virtualThreadsWhereTheJvmHasThem() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads need Java 21");
    Method isVirtual = Thread.class.getMethod("isVirtual");
    List<Object> seen = new CopyOnWriteArrayList<>();
    try (PoolFixture fixture =
        PoolFixture.with(
                (unit, run) -> {
                  seen.add(isVirtual.invoke(Thread.currentThread()));
                  if (unit.key().equals("hangs")) {
                    Thread.currentThread().join();
                  }
                  return Outcome.done();
                })
            .settings(p -> p.virtualThreads(true))
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("hangs", "").put("b", ""))
            .start()) {
      PoolFixture.until(() -> fixture.store.written.size() == 2);
      assertThat(seen).containsOnly(true);
      PoolFixture.until(() -> !fixture.events(PoolEvent.LateReturn.class).isEmpty());
    }
  }
}
