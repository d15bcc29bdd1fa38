package io.deriver.benchmarks.report;

import java.util.Locale;

/** Figures as they stand in tables. */
final class Numbers {

  private static final double LARGE = 1_000;
  private static final double TEN = 10;

  private Numbers() {}

  static String whole(double figure) {
    return String.format(Locale.ROOT, "%,.0f", figure);
  }

  static String hundredths(double figure) {
    return String.format(Locale.ROOT, figure < 0.1 ? "%.3f" : "%.2f", figure);
  }

  /** As {@link #fine}, but so that 1.3 can be told from what is a little more. */
  static String exact(double figure) {
    double size = Math.abs(figure);
    return size >= 1 && size < TEN ? String.format(Locale.ROOT, "%.2f", figure) : fine(figure);
  }

  static String fine(double figure) {
    if (figure >= LARGE) {
      return whole(figure);
    }
    return String.format(Locale.ROOT, Math.abs(figure) < 1 ? "%.3f" : "%.1f", figure);
  }
}
