package io.deriver.testkit.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Gives each run that was ended by force some real time to return, so that no time passes over
 * those that are about to. Used by one thread.
 */
final class EndedByForce {

  private final long nanos;
  private final Map<Long, Long> since = new HashMap<>();

  EndedByForce(long nanos) {
    this.nanos = nanos;
  }

  /** Whether those that have not returned had their time. */
  boolean hadTheirTime(Set<Long> fences) {
    long now = System.nanoTime();
    boolean all = true;
    for (Long fence : fences) {
      since.putIfAbsent(fence, now);
      all &= now - since.getOrDefault(fence, now) >= nanos;
    }
    since.keySet().retainAll(fences);
    return all;
  }
}
