package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.deriver.PoolEvent;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Invariant 1, and the table in docs/guarantees.md: eight of eight slots hang in one way; then come
 * 200 healthy units, and all of them end. The outcome names the limit, and where each thread hung
 * is in log, event and error history.
 */
@Timeout(120)
class EveryHangTest {

  private static final int HEALTHY = 200;
  private static final long GENEROUS_MILLIS = 10_000;
  private static final Duration SETTLES = Duration.ofMillis(150);
  private static final Duration SETTLES_UNKNOWN = Duration.ofSeconds(3);

  @ParameterizedTest
  @EnumSource
  void endsOnPlatformThreads(WayToHang shape) throws Exception {
    everySlotComesBack(shape, ThreadKind.PLATFORM);
  }

  @ParameterizedTest
  @EnumSource
  void endsOnVirtualThreads(WayToHang shape) throws Exception {
    ThreadKind.VIRTUAL.assumeAvailable();
    assumeFalse(
        shape.holdsItsCarrier(ThreadKind.JAVA),
        "it takes the carriers of all virtual threads; see CarriersTest");
    everySlotComesBack(shape, ThreadKind.VIRTUAL);
  }

  private static void everySlotComesBack(WayToHang shape, ThreadKind kind) throws Exception {
    Hang hang = shape.open();
    try (hang;
        HungPool pool = new HungPool(hang, kind, shape.endedBy()::set, limits -> {})) {
      pool.hangEverySlot(HungPool.SLOTS, shape.frame());
      pool.enqueueHealthy(HEALTHY);
      assertThat(pool.healthyDone()).isZero();

      pool.startTheClock();

      HungPool.until(() -> pool.healthyDone() == HEALTHY);
      HungPool.until(() -> pool.timedOut().size() == HungPool.SLOTS);
      HungPool.until(() -> pool.liveRuns() == 0);
      assertThat(pool.timedOut()).allSatisfy(run -> isToldEverywhere(run, shape, pool));
      assertThat(pool.slowestSlot()).isBetween(0L, GENEROUS_MILLIS);
      compareOrWrite(shape, kind, pool);

      hang.close();
      HungPool.until(() -> pool.lateReturns() == HungPool.SLOTS && pool.abandoned() == 0);
    }
  }

  private static void isToldEverywhere(PoolEvent.RunTimedOut run, WayToHang shape, HungPool pool) {
    assertThat(run.limit()).isEqualTo(shape.endedBy().setting());
    assertThat(run.stack()).contains(shape.frame());
    HungPool.until(() -> !pool.logOf(run).isEmpty());
    assertThat(pool.logOf(run))
        .singleElement()
        .asString()
        .contains(shape.endedBy().setting(), shape.frame());
    HungPool.until(() -> !pool.errorsOf(run).isEmpty());
    assertThat(pool.errorsOf(run))
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.cause()).isEqualTo("timeout");
              assertThat(error.error()).startsWith(shape.endedBy().setting());
              assertThat(error.error()).contains(shape.frame());
            });
  }

  private static void compareOrWrite(WayToHang shape, ThreadKind kind, HungPool pool) {
    HangTable table = HangTable.read();
    Fate expected = table.expected(shape, kind);
    Fate fate = pool.fate(expected, expected == null ? SETTLES_UNKNOWN : SETTLES);
    table.compareOrWrite(shape, kind, pool.slowestSlot(), fate);
  }
}
