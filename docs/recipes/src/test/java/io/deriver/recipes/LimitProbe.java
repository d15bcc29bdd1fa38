package io.deriver.recipes;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Measures whether a client's own timeout ends a hung call.
 *
 * <p>An end that the page promises is given a long time, retries of the SDKs among it; that a call
 * goes on is watched for several times its limit. Few calls are on their way at a time, and one
 * that was slow to get there is not counted: its limit may have ended something else.
 */
final class LimitProbe {

  static final String GOES_ON = "goes on";
  static final String SLOW = "slow";

  private static final String ENDS = "ends";
  private static final String ANSWERS = "answers";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Limit.SHORT.multipliedBy(6);
  private static final Duration UNSAID = Limit.SHORT.multipliedBy(20);

  private final Semaphore way = new Semaphore(6);

  /** What became of the call; {@link #SLOW} if that cannot be said. */
  String measure(Client.Usual client, String id, Peer peer, @Nullable String expected)
      throws InterruptedException {
    AtomicLong took = new AtomicLong();
    Caller call;
    way.acquire();
    try {
      long begun = System.nanoTime();
      call =
          Caller.start(
              () -> {
                try {
                  client.call(id, new Handles());
                } finally {
                  took.set(System.nanoTime() - begun);
                }
              },
              false);
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .atMost(LONG)
          .until(() -> call.isBack() || peer.holds(id));
      if (System.nanoTime() - begun > Limit.SHORT.toNanos() / 2) {
        return SLOW;
      }
    } finally {
      way.release();
    }
    if (!call.isBackWithin(patience(expected))) {
      return GOES_ON;
    }
    Throwable thrown = call.thrown();
    if (thrown == null) {
      return ANSWERS;
    }
    if (took.get() < Limit.SHORT.toNanos() / 2) {
      throw new AssertionError("the call does not hang, it fails", thrown);
    }
    return ENDS;
  }

  private static Duration patience(@Nullable String expected) {
    if (expected == null) {
      return UNSAID;
    }
    return expected.equals(GOES_ON) ? SHORT : LONG;
  }
}
