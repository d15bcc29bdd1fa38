package io.deriver.quickstart.report;

import java.time.Duration;

/** A line at most every second, and every five seconds even when nothing changes. */
final class LineProgress implements Progress {

  private static final long EVERY = Duration.ofSeconds(1).toNanos();
  private static final long AT_LEAST_EVERY = Duration.ofSeconds(5).toNanos();

  private final String what;
  private final int goal;
  private final long start = System.nanoTime();
  private long lastLine = start;
  private int lastDone;
  private int lastPrinted = -1;

  LineProgress(String what, int goal) {
    this.what = what;
    this.goal = goal;
  }

  @Override
  public void show(int done) {
    long now = System.nanoTime();
    if (now - lastLine >= (done == lastDone ? AT_LEAST_EVERY : EVERY)) {
      print(now, done);
    }
    lastDone = done;
  }

  private void print(long now, int done) {
    System.out.printf("  %s: %d of %d after %.1f s%n", what, done, goal, (now - start) / 1e9);
    lastLine = now;
    lastPrinted = done;
  }

  @Override
  public void close() {
    if (lastDone != lastPrinted) {
      print(System.nanoTime(), lastDone);
    }
  }
}
