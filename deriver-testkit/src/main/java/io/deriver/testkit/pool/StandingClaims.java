package io.deriver.testkit.pool;

import io.deriver.spi.ClaimId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which claims stand and which have ended. Thread-safe. */
final class StandingClaims {

  private final Map<Long, ClaimId> standing = new TreeMap<>();
  private final Set<Long> ended = new HashSet<>();

  synchronized void begin(ClaimId claim) {
    standing.put(claim.fence(), claim);
  }

  synchronized void end(ClaimId claim) {
    standing.remove(claim.fence());
    ended.add(claim.fence());
  }

  /** Those that stand, the oldest first. */
  synchronized List<ClaimId> all() {
    return new ArrayList<>(standing.values());
  }

  /** How many have ended. */
  synchronized int ended() {
    return ended.size();
  }
}
