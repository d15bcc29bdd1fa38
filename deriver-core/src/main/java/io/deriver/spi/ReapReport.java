package io.deriver.spi;

import java.util.List;

/**
 * What a pass of the reaper did.
 *
 * @param reaped the claims that it took back
 * @param more whether it stopped at its bound and there is more to do now
 * @param unserved types with pending items that no live node serves
 */
public record ReapReport(List<Reaped> reaped, boolean more, List<String> unserved) {

  public ReapReport {
    reaped = List.copyOf(reaped);
    unserved = List.copyOf(unserved);
  }

  /**
   * One claim taken back.
   *
   * @param deadLettered whether its one item became a dead letter, since that was its last attempt
   */
  public record Reaped(ClaimId claim, Reason reason, boolean deadLettered) {}

  /** Why a claim was taken back. */
  public enum Reason {
    /** The lease of its node has expired. */
    NODE_EXPIRED,
    /** Its guard has passed. */
    GUARD_PASSED
  }
}
