package io.deriver.benchmarks.hangs;

/**
 * What was seen at a moment.
 *
 * @param at {@link System#nanoTime()}
 * @param healthy how many calls had ended well by then
 */
record Seen(long at, int healthy) {

  private static final double NANOS_A_SECOND = 1e9;

  /** Healthy calls a second from then on until this moment. */
  double perSecondSince(Seen then) {
    return (healthy - then.healthy) / ((at - then.at) / NANOS_A_SECOND);
  }
}
