package io.deriver.jdbc.internal;

import io.deriver.spi.Claim.Standing;
import java.util.List;

/** Reads a head's lane: how its key stands, by sixteens, and within them its priority. */
record Lane(int number) {

  static final int PRIORITIES = 4;

  private static final int STEP = 16;
  private static final List<Standing> STANDINGS =
      List.of(Standing.REGULAR, Standing.PROBATION, Standing.SUSPECT);

  static final int COUNT = STANDINGS.size() * PRIORITIES;

  /** Which of all lanes it is, from 0: by standing and then by priority. */
  int place() {
    return step() * PRIORITIES + Math.min(number % STEP, PRIORITIES - 1);
  }

  Standing standing() {
    return STANDINGS.get(step());
  }

  private int step() {
    return Math.min(number / STEP, STANDINGS.size() - 1);
  }
}
