package io.deriver.recipes;

import io.deriver.testkit.catalogue.HangShape;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tells when a call has come to rest in its hang: an interrupt that comes before its last read is
 * seen by that read, and would prove nothing.
 */
final class Steady {

  private static final long FOR = TimeUnit.MILLISECONDS.toNanos(700);
  private static final Set<String> NOISY =
      Set.of(HangShape.KEEP_ALIVES_FOR_EVER.title(), HangShape.TOKENS_DRIP_FOR_EVER.title());

  private final Caller call;
  private final boolean silent;
  private StackTraceElement[] last = {};
  private long since = System.nanoTime();

  Steady(Caller call, String shape) {
    this.call = call;
    this.silent = !NOISY.contains(shape);
  }

  /** To be asked again and again. */
  boolean isSteady() {
    StackTraceElement[] now = call.thread.getStackTrace();
    if (silent && !(Arrays.equals(now, last) && isWaiting(now))) {
      since = System.nanoTime();
    }
    last = now;
    return System.nanoTime() - since >= FOR && isWaiting(now);
  }

  /** In a read of a socket, or parked; and not in the middle of a computation. */
  private static boolean isWaiting(StackTraceElement[] stack) {
    return stack.length > 0
        && (stack[0].isNativeMethod() || stack[0].getClassName().contains("VirtualThread"));
  }
}
