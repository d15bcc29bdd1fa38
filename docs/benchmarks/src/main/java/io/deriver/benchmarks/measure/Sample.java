package io.deriver.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What one contestant needed in one round.
 *
 * @param loading to put the items there, where that is not the work itself
 * @param work what is compared
 * @param commits of the work, an item
 */
public record Sample(@Nullable Phase loading, Phase work, double commits) {

  /** Items a second, of loading and work together. */
  public double togetherPerSecond() {
    return loading == null ? work.perSecond() : work.items() / (loading.seconds() + work.seconds());
  }

  /** Bytes of WAL an item, of loading and work together. */
  public double togetherWalBytes() {
    return loading == null ? work.walBytes() : loading.walBytes() + work.walBytes();
  }
}
