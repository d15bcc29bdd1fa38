package io.deriver.benchmarks.report;

import java.util.Locale;

/** Figures as they stand in tables. */
final class Numbers {

  private static final double LARGE = 1_000;

  private Numbers() {}

  static String whole(double figure) {
    return String.format(Locale.ROOT, "%,.0f", figure);
  }

  static String hundredths(double figure) {
    return String.format(Locale.ROOT, figure < 0.1 ? "%.3f" : "%.2f", figure);
  }

  static String fine(double figure) {
    if (figure >= LARGE) {
      return whole(figure);
    }
    return String.format(Locale.ROOT, Math.abs(figure) < 1 ? "%.3f" : "%.1f", figure);
  }
}
