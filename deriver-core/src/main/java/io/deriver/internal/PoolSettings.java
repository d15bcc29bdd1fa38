package io.deriver.internal;

import static io.deriver.internal.Checks.between;
import static io.deriver.internal.Checks.rule;

import java.time.Duration;

/**
 * The settings of a pool, with every rule between them in one place. {@link
 * io.deriver.Pool.Builder} says what each of them means.
 */
public record PoolSettings(
    String name,
    int slots,
    int claimAhead,
    Duration lease,
    Duration renewInterval,
    Duration reapInterval,
    Duration storeTimeout,
    Duration completionGrace,
    Duration pollMin,
    Duration pollMax,
    int maxAbandoned,
    Duration whenSaturatedFor,
    int maxUnwritten,
    Duration stallReportInterval,
    Duration closeTimeout,
    boolean virtualThreads) {

  private static final Duration DAY = Duration.ofDays(1);

  public PoolSettings {
    Names.requirePool(name);
    between("slots", slots, 1, 10_000);
    between("claimAhead", claimAhead, 0, 10_000);
    between("lease", lease, Duration.ofMillis(500), DAY);
    between("renewInterval", renewInterval, Duration.ofMillis(50), DAY);
    between("reapInterval", reapInterval, Duration.ofMillis(50), Duration.ofHours(1));
    between("storeTimeout", storeTimeout, Duration.ofMillis(50), Duration.ofMinutes(10));
    between("completionGrace", completionGrace, Duration.ofMillis(100), Duration.ofHours(1));
    between("pollInterval.min", pollMin, Duration.ofMillis(1), Duration.ofHours(1));
    between("pollInterval.max", pollMax, Duration.ofMillis(1), Duration.ofHours(1));
    between("maxAbandoned", maxAbandoned, 1, 100_000);
    between("whenSaturatedFor", whenSaturatedFor, Duration.ofSeconds(1), DAY);
    between("maxUnwritten", maxUnwritten, 1, 1_000_000);
    between("stallReportInterval", stallReportInterval, Duration.ofMillis(100), DAY);
    between("closeTimeout", closeTimeout, Duration.ZERO, DAY);
    rule(
        claimAhead <= slots,
        "claimAhead is %s and slots %s; claimAhead must not be above slots",
        claimAhead,
        slots);
    rule(
        pollMin.compareTo(pollMax) <= 0,
        "pollInterval.min is %s and pollInterval.max %s; min must not be above max",
        pollMin,
        pollMax);
    rule(
        renewInterval.plus(storeTimeout).multipliedBy(2).compareTo(lease) <= 0,
        "lease is %s, renewInterval %s and storeTimeout %s; lease must be at least twice"
            + " (renewInterval + storeTimeout), so that one renewal may fail",
        lease,
        renewInterval,
        storeTimeout);
    rule(
        completionGrace.compareTo(storeTimeout) >= 0,
        "completionGrace is %s and storeTimeout %s; completionGrace must be at least storeTimeout,"
            + " so that an outcome at the deadline can still be written",
        completionGrace,
        storeTimeout);
  }

  /** How many keys on probation may be live at once: a quarter of the slots, at least one. */
  public int probationSlots() {
    return Math.max(1, slots / 4);
  }
}
