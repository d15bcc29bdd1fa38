package io.deriver.jdbc.internal;

import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The last limit of a call: cuts its connection off on a side thread when the time is up, unless
 * the call is over before. Closing the socket is what ends a call that the network or the driver
 * would let hang, in writing too.
 */
final class CutOff {

  private final AtomicBoolean over = new AtomicBoolean();
  private final Future<?> abort;

  private CutOff(SideThreads side, long nanos, String name, TakenConnection taken) {
    try {
      abort =
          side.after(
              nanos,
              name,
              () -> {
                if (over.compareAndSet(false, true)) {
                  taken.abort();
                }
              });
    } catch (RuntimeException | Error e) {
      // Without a thread for the clock it stands in the queue all the same, and would strike later.
      over.set(true);
      throw e;
    }
  }

  static CutOff after(SideThreads side, long nanos, String name, TakenConnection taken) {
    return new CutOff(side, nanos, name, taken);
  }

  /**
   * The call is over: from here on its connection is left alone.
   *
   * @return whether it was left alone until now
   */
  boolean disarm() {
    abort.cancel(false);
    return over.compareAndSet(false, true);
  }
}
