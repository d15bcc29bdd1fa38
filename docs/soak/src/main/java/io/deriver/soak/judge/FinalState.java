package io.deriver.soak.judge;

import java.util.Map;
import java.util.Set;

/**
 * What the queue holds when all is over.
 *
 * @param pending items that have not ended
 * @param dead items that were set aside
 */
public record FinalState(Set<Long> pending, Map<Long, Dead> dead) {

  public FinalState {
    pending = Set.copyOf(pending);
    dead = Map.copyOf(dead);
  }

  /**
   * A dead letter.
   *
   * @param attempts how many attempts it had
   * @param causes why they failed
   */
  public record Dead(int attempts, Set<String> causes) {
    public Dead {
      causes = Set.copyOf(causes);
    }
  }
}
