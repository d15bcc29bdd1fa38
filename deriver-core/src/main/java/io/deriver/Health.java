package io.deriver;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a pool is, at one moment.
 *
 * @param liveness DOWN only when a restart of the process is the one thing that helps
 * @param readiness whether the pool takes new work: DOWN while it cannot
 * @param reasons what is not well, in words; empty when all is
 * @param slots the slots of the pool
 * @param live live runs; each holds a slot
 * @param unwritten outcomes that the store has not taken yet
 * @param abandoned all ended runs whose thread has not returned, the oldest first, with age and
 *     place
 * @param longest the ten longest-running live runs, the oldest first
 * @param sinceTick how long ago each duty last finished a pass
 */
public record Health(
    Status liveness,
    Status readiness,
    List<String> reasons,
    int slots,
    int live,
    int unwritten,
    List<RunInfo> abandoned,
    List<RunInfo> longest,
    Map<String, Duration> sinceTick) {

  public Health {
    reasons = List.copyOf(reasons);
    abandoned = List.copyOf(abandoned);
    longest = List.copyOf(longest);
    sinceTick = Map.copyOf(sinceTick);
  }

  /** How well something is. */
  public enum Status {
    UP,
    DEGRADED,
    DOWN
  }

  /**
   * One run.
   *
   * @param age since its start
   * @param stack the top of the thread's stack when it was last looked at, or an empty text
   */
  public record RunInfo(
      String type, String key, long fence, int attempt, Duration age, String stack) {}
}
