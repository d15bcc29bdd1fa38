package io.deriver;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a pool is, at one moment. Immutable; no component is ever null.
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
 * @param sinceTick how long ago each duty last finished a pass, by its name: {@code watchdog},
 *     {@code canceller}, {@code outcome-writer}, {@code lease-keeper}, {@code reaper}, {@code
 *     dispatcher}, {@code sentinel}; empty while the pool does not run
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
    /** All is well. */
    UP,
    /** It does its work, and something is wrong; readiness only. */
    DEGRADED,
    /** It does not do its work. */
    DOWN
  }

  /**
   * One run.
   *
   * @param age since its start
   * @param stack where its thread is now, 60 frames at most; or, in words, why that is not known:
   *     stacks are taken at a bounded rate
   */
  public record RunInfo(
      String type, String key, long fence, int attempt, Duration age, String stack) {}
}
