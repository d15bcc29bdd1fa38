package io.deriver.benchmarks.hangs;

import java.util.List;

/** For how long a run had its slot, by {@link System#nanoTime()}. */
record Held(long begun, long ended) {

  private static final double NANOS_A_SECOND = 1e9;

  /** How many slots they had on the average between two moments. */
  static double mean(List<Held> all, long from, long to) {
    return seconds(all, from, to) / ((to - from) / NANOS_A_SECOND);
  }

  private static double seconds(List<Held> all, long from, long to) {
    return all.stream().mapToLong(held -> held.within(from, to)).sum() / NANOS_A_SECOND;
  }

  private long within(long from, long to) {
    long first = Math.max(from - to, begun - to);
    long last = Math.min(0, ended - to);
    return Math.max(0, last - first);
  }
}
