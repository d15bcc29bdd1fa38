package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The control of {@link EveryHangTest}: the same with a limit of a day, which is none. The pool
 * wedges in every one of these ways, so it is the limits that keep it from that and not a hang that
 * is none.
 */
@Timeout(120)
class WithoutLimitsTest {

  private static final int HEALTHY = 200;
  private static final Duration LONGER_THAN_THE_LIMIT_WAS = WayToHang.LIMIT.plusMillis(150);

  @ParameterizedTest
  @EnumSource
  void thePoolWedges(WayToHang shape) throws Exception {
    Hang hang = shape.open();
    try (hang;
        HungPool pool =
            new HungPool(
                hang, ThreadKind.PLATFORM, l -> l.timeout(Duration.ofDays(1)), limits -> {})) {
      pool.hangEverySlot(HungPool.SLOTS, shape.frame());
      pool.enqueueHealthy(HEALTHY);
      pool.startTheClock();

      HungPool.stays(
          LONGER_THAN_THE_LIMIT_WAS,
          () -> pool.healthyDone() == 0 && pool.liveRuns() == HungPool.SLOTS);
      assertThat(pool.timedOut()).isEmpty();

      hang.close();
      HungPool.until(() -> pool.healthyDone() == HEALTHY);
    }
  }
}
