package io.deriver.soak.faults;

import io.deriver.soak.ledger.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What is done when: decided before the run, by the seed alone. What the processes are in the
 * middle of when it is done is up to the machine.
 *
 * @param mix what kinds there are; each round has all of them, in an order of its own
 */
public record FaultPlan(long seed, Duration length, Duration every, int workers, List<Fault> mix) {

  /** Kills and stops above all, and each way to break a connection. */
  public static final List<Fault> EVERYTHING =
      List.of(
          Fault.KILL,
          Fault.KILL,
          Fault.KILL,
          Fault.HOLD,
          Fault.STOP,
          Fault.STOP,
          Fault.STOP,
          Fault.STOP,
          Fault.CUT,
          Fault.CUT,
          Fault.CUT_ANSWER,
          Fault.CUT_ANSWER,
          Fault.CUT_ALL,
          Fault.TERMINATE);

  private static final Duration AFTER_A_KILL = Duration.ofSeconds(3);
  private static final Duration AFTER_A_STOP = Duration.ofSeconds(1);
  private static final int SHORT_STOPS_PERCENT = 20;

  public FaultPlan {
    mix = List.copyOf(mix);
  }

  /**
   * The faults in the order of their times.
   *
   * @param lease most stops last longer than that
   */
  public List<PlannedFault> faults(Duration lease) {
    Random random = new Random(seed);
    List<PlannedFault> faults = new ArrayList<>();
    List<Fault> round = new ArrayList<>();
    long[] rested = new long[workers];
    long at = every.toMillis();
    while (at < length.toMillis() && !mix.isEmpty()) {
      if (round.isEmpty()) {
        round.addAll(mix);
        Collections.shuffle(round, random);
      }
      Fault fault = round.remove(0);
      Duration lasts = lasts(fault, random, lease);
      int worker = atWork(at, rested, random);
      faults.add(
          new PlannedFault(
              Duration.ofMillis(at), fault, worker, lasts, random.nextInt(Integer.MAX_VALUE)));
      rested[worker] = at + lasts.plus(rest(fault)).toMillis();
      at += every.toMillis() / 2 + random.nextInt((int) every.toMillis());
    }
    return faults;
  }

  /** Mostly one that is neither stopped nor about to start: what is done to those shows little. */
  private int atWork(long at, long[] rested, Random random) {
    int worker = random.nextInt(workers);
    for (int i = 0; i < workers && rested[worker] > at; i++) {
      worker = (worker + 1) % workers;
    }
    return worker;
  }

  private static Duration rest(Fault fault) {
    return switch (fault) {
      case KILL, HOLD -> AFTER_A_KILL;
      case STOP -> AFTER_A_STOP;
      default -> Duration.ZERO;
    };
  }

  private static Duration lasts(Fault fault, Random random, Duration lease) {
    long millis = lease.toMillis();
    return switch (fault) {
      case STOP -> stop(random, millis);
      case HOLD -> Duration.ofMillis(random.nextLong(millis * 5 / 4, millis * 3 / 2));
      default -> Duration.ZERO;
    };
  }

  private static Duration stop(Random random, long millis) {
    return random.nextInt(100) < SHORT_STOPS_PERCENT
        ? Duration.ofMillis(random.nextLong(millis / 4, millis))
        : Duration.ofMillis(random.nextLong(millis * 5 / 4, millis * 2));
  }
}
