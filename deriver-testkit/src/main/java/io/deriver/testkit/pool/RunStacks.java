package io.deriver.testkit.pool;

import io.deriver.Pool;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where the threads of a pool's runs are. Health takes few stacks a second, by the pool's clock,
 * and that may stand. Virtual threads cannot be found.
 */
final class RunStacks {

  private static final String OUR_FRAMES = "io.deriver.internal.pool.RunBody";
  private static final int SHOWN = 30;

  private RunStacks() {}

  static String of(Pool pool) {
    String name = "deriver-" + pool.name() + "-run-";
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().startsWith(name))
        .filter(entry -> Arrays.stream(entry.getValue()).anyMatch(RunStacks::isOurs))
        .map(entry -> "\n  thread " + entry.getKey().getName() + text(entry.getValue()))
        .collect(Collectors.joining());
  }

  private static boolean isOurs(StackTraceElement frame) {
    return frame.getClassName().equals(OUR_FRAMES);
  }

  private static String text(StackTraceElement[] stack) {
    List<StackTraceElement> hosts =
        Arrays.stream(stack).takeWhile(frame -> !isOurs(frame)).limit(SHOWN).toList();
    return hosts.stream().map(frame -> "\n    at " + frame).collect(Collectors.joining());
  }
}
