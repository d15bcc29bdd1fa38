package io.deriver.benchmarks.compare;

import io.deriver.benchmarks.measure.Spread;

/**
 * By how much today may be worse than then.
 *
 * @param speed items a second, in percent: the machine has a part in them
 * @param counts of statements, WAL and blocks, in percent
 */
record Margins(int speed, int counts) {

  private static final double PERCENT = 100;

  Margins {
    require("speed", speed);
    require("counts", counts);
  }

  private static void require(String name, int percent) {
    if (percent < 1 || percent > 99) {
      throw new IllegalArgumentException(
          "%s is %d; it must be from 1 to 99 percent".formatted(name, percent));
    }
  }

  /** Whether these ratios of today and then are worse than that, by their median. */
  boolean isWorse(Figure figure, Spread ratios) {
    return figure.isCount()
        ? ratios.median() > 1 + counts / PERCENT
        : ratios.median() < 1 - speed / PERCENT;
  }
}
