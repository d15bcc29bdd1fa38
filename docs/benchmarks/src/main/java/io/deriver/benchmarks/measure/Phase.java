package io.deriver.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What a stretch of work cost.
 *
 * @param items that were worked
 * @param seconds it took
 * @param statements an item, those apart that begin, end or limit a transaction; null where the
 *     server does not count them
 * @param walBytes an item, whoever wrote them
 * @param claimBuffers blocks that the claiming statements touched, an item; null where nothing
 *     counts them, or nothing claims
 * @param checkpoint whether one fell into it; it makes more WAL
 */
public record Phase(
    int items,
    double seconds,
    @Nullable Double statements,
    double walBytes,
    @Nullable Double claimBuffers,
    boolean checkpoint) {

  /** Items a second. */
  public double perSecond() {
    return items / seconds;
  }
}
