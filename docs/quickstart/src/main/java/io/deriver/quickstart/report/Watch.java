package io.deriver.quickstart.report;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Watches a count rise.
 *
 * @param goal where it stops watching
 * @param quiet for how long at most the count may stand still
 * @param atMost how long it watches at most
 */
public record Watch(int goal, Duration quiet, Duration atMost) {

  private static final long LOOK_EVERY_MILLIS = 50;

  /**
   * What was seen.
   *
   * @param done the count at the end
   * @param took how long the watch was
   * @param lastAfter when the count rose for the last time
   */
  public record Seen(int done, Duration took, Duration lastAfter) {

    /** How long nothing had happened at the end. */
    public Duration still() {
      return took.minus(lastAfter);
    }
  }

  /** Watches until the goal, or until nothing happens, or until the time is up. */
  public Seen until(IntSupplier count, Progress progress) throws InterruptedException {
    long start = System.nanoTime();
    int done = count.getAsInt();
    Duration took = Duration.ZERO;
    Duration lastAfter = Duration.ZERO;
    while (done < goal
        && took.minus(lastAfter).compareTo(quiet) < 0
        && took.compareTo(atMost) < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      int now = count.getAsInt();
      took = Duration.ofNanos(System.nanoTime() - start);
      if (now != done) {
        done = now;
        lastAfter = took;
      }
      progress.show(done);
    }
    return new Seen(done, took, lastAfter);
  }
}
