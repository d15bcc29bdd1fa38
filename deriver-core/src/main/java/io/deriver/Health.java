package io.deriver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a pool is, at one moment. Immutable; no component is ever null.
 *
 * @param liveness DOWN only when a restart of the process is the one thing that helps
 * @param readiness whether the pool takes new work: DOWN while it cannot
 * @param reasons what is not well, in words; empty when all is
 * @param slots the slots of the pool
 * @param live live runs; each holds a slot
 * @param ahead claims that wait for a slot to come free; see {@link Pool.Builder#claimAhead}
 * @param unwritten outcomes that the store has not taken yet
 * @param abandoned all ended runs whose thread has not returned, the oldest first, with age and
 *     place
 * @param longest the ten longest-running live runs, the oldest first
 * @param duties how each of the pool's duties goes; empty while the pool does not run
 */
public record Health(
    Status liveness,
    Status readiness,
    List<String> reasons,
    int slots,
    int live,
    int ahead,
    int unwritten,
    List<RunInfo> abandoned,
    List<RunInfo> longest,
    List<DutyInfo> duties) {

  public Health {
    reasons = List.copyOf(reasons);
    abandoned = List.copyOf(abandoned);
    longest = List.copyOf(longest);
    duties = List.copyOf(duties);
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
   * @param stack where its thread, or the side thread that closes what it registered, is now, 60
   *     frames at most; or, in words, why that is not known: stacks are taken at a bounded rate
   */
  public record RunInfo(
      String type, String key, long fence, int attempt, Duration age, String stack) {}

  /**
   * One duty of the pool; each has a thread of its own.
   *
   * @param name {@code watchdog}, {@code canceller}, {@code outcome-writer}, {@code lease-keeper},
   *     {@code reaper}, {@code dispatcher} or {@code sentinel}
   * @param sinceTick how long ago a pass last ended, well or badly
   * @param sinceAnswer how long ago the store last answered it: a claim for the dispatcher, a
   *     renewal, a reaping, a write of outcomes. Empty if it never has, and for duties that ask
   *     nothing. Renewals pause while the pool holds no claims
   * @param failures how many passes in a row have failed
   * @param passing how long the present pass has been going on; zero while the duty rests
   * @param stack where its thread is, if the pass takes longer than any sound one; else empty
   */
  public record DutyInfo(
      String name,
      Duration sinceTick,
      Optional<Duration> sinceAnswer,
      int failures,
      Duration passing,
      String stack) {}

  /**
   * The duty of this name.
   *
   * @throws java.util.NoSuchElementException if there is none, or the pool does not run
   */
  public DutyInfo duty(String name) {
    return duties.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }
}
