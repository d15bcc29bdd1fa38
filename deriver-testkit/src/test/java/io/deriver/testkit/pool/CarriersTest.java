package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deriver.Limits;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What invariant 1 is worth on virtual threads whose carriers are all taken: slots come back within
 * their limits, and runs that no carrier has come to are given back without an attempt. But healthy
 * units get no carrier either, and end only after one was let go.
 */
@Timeout(120)
class CarriersTest {

  private static final int CARRIERS =
      Integer.getInteger("jdk.virtualThreadScheduler.parallelism", 0);
  private static final int HEALTHY = 40;
  private static final long GENEROUS_MILLIS = 10_000;

  @ParameterizedTest
  @EnumSource(names = {"SPIN", "REGEX", "MONITOR", "PINNED"})
  void slotsComeBackButNotTheCarriers(WayToHang shape) throws Exception {
    ThreadKind.VIRTUAL.assumeAvailable();
    assumeTrue(
        shape.holdsItsCarrier(ThreadKind.JAVA),
        "it leaves its carrier to others; see EveryHangTest");
    assumeTrue(
        CARRIERS > 0 && CARRIERS < HungPool.SLOTS,
        "jdk.virtualThreadScheduler.parallelism is not set to a number below that of the slots");
    Hang hang = shape.open();
    try (hang;
        HungPool pool =
            new HungPool(
                hang, ThreadKind.VIRTUAL, shape.endedBy()::set, CarriersTest::withOneAttempt)) {
      pool.hangEverySlot(CARRIERS, shape.frame());
      pool.enqueueHealthy(HEALTHY);

      pool.startTheClock();

      HungPool.until(() -> pool.timedOut().size() == CARRIERS);
      HungPool.until(() -> pool.neverBegun().size() == HungPool.SLOTS - CARRIERS);
      assertThat(pool.timedOut())
          .allSatisfy(run -> assertThat(run.stack()).contains(shape.frame()));
      assertThat(pool.slowestSlot()).isBetween(0L, GENEROUS_MILLIS);
      assertThat(pool.threadsInside()).isEqualTo(CARRIERS);
      HungPool.stays(Duration.ofMillis(400), () -> pool.healthyDone() == 0);
      HangTable.read()
          .compareOrWrite(shape, ThreadKind.VIRTUAL, pool.slowestSlot(), Fate.WITH_ITS_CARRIER);

      hang.close();
      HungPool.until(() -> pool.healthyDone() == HEALTHY);
      HungPool.until(() -> pool.abandoned() == 0);
    }
  }

  /** None of them is told to have failed, since an attempt that no carrier began is none. */
  private static void withOneAttempt(Limits.Builder limits) {
    limits.timeout(WayToHang.LIMIT).maxAttempts(1);
  }
}
