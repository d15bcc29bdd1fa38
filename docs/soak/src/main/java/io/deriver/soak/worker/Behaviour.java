package io.deriver.soak.worker;

import io.deriver.soak.ledger.Fate;
import java.time.Duration;
import java.util.SplittableRandom;

/** How the processor meets an item: a pure function of the seed, the item and the attempt. */
public enum Behaviour {
  /** Succeeds by a step. */
  APPLIES(Fate.EFFECT),
  /** Says done, without a step. */
  IS_DONE(Fate.PLAIN),
  /** Throws at the first two attempts. */
  FAILS_TWICE(Fate.EFFECT),
  /** Hangs at the first attempt until it is interrupted. */
  HANGS_ONCE(Fate.EFFECT),
  /** Hangs at the first attempt, deaf to interrupts, and goes on long after its time limit. */
  COMES_BACK_LATE(Fate.EFFECT),
  /** Throws at every attempt. */
  ALWAYS_FAILS(Fate.DEATH),
  /** Hangs at every attempt. */
  ALWAYS_HANGS(Fate.DEATH);

  private static final int OF = 10_000;
  private static final int[] UP_TO = {8_950, 9_700, 9_900, 9_940, 9_965, 9_997, OF};
  private static final int SHORTEST_MILLIS = 40;
  private static final int LONGEST_MILLIS = 240;

  private final Fate fate;

  Behaviour(Fate fate) {
    this.fate = fate;
  }

  /** How this item behaves. */
  public static Behaviour of(long seed, long item) {
    int draw = random(seed, item).nextInt(OF);
    int i = 0;
    while (draw >= UP_TO[i]) {
      i++;
    }
    return values()[i];
  }

  /** How long the work for it takes when it does not hang. */
  static Duration work(long seed, long item, int attempt) {
    int millis = random(seed + attempt, ~item).nextInt(SHORTEST_MILLIS, LONGEST_MILLIS);
    return Duration.ofMillis(millis);
  }

  private static SplittableRandom random(long seed, long item) {
    return new SplittableRandom(seed * 31 + new SplittableRandom(item).nextLong());
  }

  /** How the item is to end. */
  public Fate fate() {
    return fate;
  }

  boolean fails(int attempt) {
    return this == ALWAYS_FAILS || (this == FAILS_TWICE && attempt <= 2);
  }

  boolean hangs(int attempt) {
    return this == ALWAYS_HANGS || (this == HANGS_ONCE && attempt == 1);
  }

  boolean comesBackLate(int attempt) {
    return this == COMES_BACK_LATE && attempt == 1;
  }
}
