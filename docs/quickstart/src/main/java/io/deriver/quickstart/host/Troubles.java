package io.deriver.quickstart.host;

import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import java.util.Set;

/** Prints what a pool tells that is not the daily round of its units. */
public final class Troubles implements PoolListener {

  private static final Set<Class<? extends PoolEvent>> DAILY =
      Set.of(
          PoolEvent.RunStarted.class,
          PoolEvent.UnitCompleted.class,
          PoolEvent.KeyDrained.class,
          PoolEvent.UnitRetried.class,
          PoolEvent.UnitReleased.class,
          PoolEvent.UnitDeadLettered.class,
          PoolEvent.RunTimedOut.class,
          PoolEvent.RunCancelled.class,
          PoolEvent.RunAbandoned.class,
          PoolEvent.LateReturn.class,
          PoolEvent.ClaimReaped.class,
          PoolEvent.Drained.class);

  @Override
  public void onEvent(PoolEvent event) {
    if (!DAILY.contains(event.getClass())) {
      System.out.printf("  ! %s%n", event);
    }
  }
}
