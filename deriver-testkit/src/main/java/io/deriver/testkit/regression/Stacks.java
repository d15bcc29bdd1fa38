package io.deriver.testkit.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where threads are, from their innermost frame to the place at which this package called. */
final class Stacks {

  private static final int SHOWN = 40;

  private Stacks() {}

  /**
   * A line for the thread, then a line for each frame.
   *
   * @param caller the class of this package that called the host's code
   */
  static List<String> of(Thread thread, Class<?> caller) {
    List<String> lines = new ArrayList<>();
    lines.add("thread %s, %s".formatted(thread.getName(), thread.getState()));
    Arrays.stream(thread.getStackTrace())
        .takeWhile(frame -> !frame.getClassName().startsWith(caller.getName()))
        .limit(SHOWN)
        .forEach(frame -> lines.add("at " + frame));
    return lines;
  }
}
