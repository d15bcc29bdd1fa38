package io.deriver.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Awaits with a generous bound, and looks often, so that tests end when the thing has happened. */
public final class Soon {

  private Soon() {}

  public static ConditionFactory soon() {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(20));
  }
}
