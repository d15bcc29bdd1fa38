package io.deriver.benchmarks.measure;

import org.jspecify.annotations.Nullable;

/**
 * What one contestant needed in one round.
 *
 * @param loading to put the items there, where that is not the work itself
 * @param work what is compared
 * @param commits of the work, an item
 * @param written rows, by the work; null where that is only to add some
 */
public record Sample(
    @Nullable Phase loading, Phase work, double commits, @Nullable RowsWritten written) {

  /** Items a second, of loading and work together. */
  public double togetherPerSecond() {
    return loading == null ? work.perSecond() : work.items() / (loading.seconds() + work.seconds());
  }

  /** Dead rows that it left, an item. */
  public @Nullable Double deadRows() {
    return written == null ? null : written.dead() / work.items();
  }

  /** The share of its updates that touched no index. */
  public @Nullable Double hotShare() {
    return written == null ? null : written.hotShare();
  }

  /** Bytes of WAL an item, of loading and work together. */
  public double togetherWalBytes() {
    return loading == null ? work.walBytes() : loading.walBytes() + work.walBytes();
  }
}
