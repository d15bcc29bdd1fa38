package io.deriver.spi;

import java.time.Duration;
import java.util.List;

/**
 * How much a pool wants to claim.
 *
 * @param types what it serves, in the order in which types are to be favoured in this call
 * @param maxKeys how many keys in all, at most
 * @param probation how many of them may be on probation, at most
 * @param suspects how many of them may be suspects, at most
 * @param renews whether the node's lease is to be renewed if anything is claimed; else it was
 *     shortly before, and only one that is over is renewed
 */
public record ClaimRequest(
    List<TypeTerms> types, int maxKeys, int probation, int suspects, boolean renews) {

  public ClaimRequest {
    types = List.copyOf(types);
  }

  /** A request that renews the node's lease. */
  public ClaimRequest(List<TypeTerms> types, int maxKeys, int probation, int suspects) {
    this(types, maxKeys, probation, suspects, true);
  }

  /**
   * The terms on which units of one type are claimed.
   *
   * @param guard how long after the claim it may still be live, at the latest; fixed by the claim
   * @param maxItems how many items a unit holds at most
   * @param maxBytes how many bytes of payload it holds at most; the first item is always included
   * @param maxWeight what its items weigh together at most; the first item is always included
   * @param maxAttempts after how many attempts the reaper dead-letters it; fixed by the claim
   * @param maxKeys how many keys of the type may be claimed by this call, at most
   * @param maxRunning how many claims of the type there may be in all, of all nodes: no more are
   *     made than leave that many
   */
  public record TypeTerms(
      String type,
      Duration guard,
      int maxItems,
      int maxBytes,
      long maxWeight,
      int maxAttempts,
      int maxKeys,
      int maxRunning) {

    /** Terms of any weight, on which as many keys may be claimed as of all types together. */
    public TypeTerms(String type, Duration guard, int maxItems, int maxBytes, int maxAttempts) {
      this(
          type,
          guard,
          maxItems,
          maxBytes,
          Long.MAX_VALUE,
          maxAttempts,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);
    }

    /** The same, for units of such a weight at most. */
    public TypeTerms weight(long maxWeight) {
      return new TypeTerms(
          type, guard, maxItems, maxBytes, maxWeight, maxAttempts, maxKeys, maxRunning);
    }

    /** The same, as long as there are fewer claims of the type than so many. */
    public TypeTerms running(int maxRunning) {
      return new TypeTerms(
          type, guard, maxItems, maxBytes, maxWeight, maxAttempts, maxKeys, maxRunning);
    }

    /** The same, for so many keys at most. */
    public TypeTerms keys(int maxKeys) {
      return new TypeTerms(
          type, guard, maxItems, maxBytes, maxWeight, maxAttempts, maxKeys, maxRunning);
    }
  }
}
