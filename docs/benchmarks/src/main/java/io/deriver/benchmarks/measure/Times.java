package io.deriver.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;

/** Times that are alike. Used by one thread. */
public final class Times {

  private static final double NANOS_A_MILLI = 1e6;

  private final List<Long> nanos = new ArrayList<>();

  /** Adds one. */
  public void add(long time) {
    nanos.add(time);
  }

  /** The least time, in ms, that so many of a hundred do not pass. */
  public double millis(int percent) {
    if (nanos.isEmpty()) {
      throw new IllegalStateException("nothing was timed");
    }
    int rank = (int) Math.ceil(nanos.size() * percent / 100.0);
    return nanos.stream().sorted().toList().get(Math.max(1, rank) - 1) / NANOS_A_MILLI;
  }
}
