package io.deriver.soak.judge;

import java.time.Duration;

/**
 * What the judge measures by.
 *
 * @param maxAttempts of the type
 * @param lease of a node
 * @param reapInterval of the pools
 * @param slack what a busy machine and a broken connection may add to lease and reap interval
 * @param drained whether the run was given time to work everything, so that nothing may be pending
 * @param enough what must have happened at least, or the run has shown nothing
 */
public record Bounds(
    int maxAttempts,
    Duration lease,
    Duration reapInterval,
    Duration slack,
    boolean drained,
    Enough enough) {

  /** How many kills, takeovers of what a process had in hand, and refused writes at least. */
  public record Enough(int kills, int takeovers, int refusedWrites) {
    public static final Enough ANYTHING = new Enough(0, 0, 0);
  }
}
