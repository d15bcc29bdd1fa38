package io.deriver.testkit.process;

import io.deriver.testkit.internal.Threads;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/** Runs a main class, and ends its process when that of the test has ended. */
final class GuardedMain {

  private static final int ORPHANED = 75;

  private GuardedMain() {}

  /** Arguments: the test's process id, the main class, its arguments. */
  public static void main(String[] args) throws Throwable {
    Threads.daemon("ends-with-its-test", () -> endWith(Long.parseLong(args[0]))).start();
    Method main = Class.forName(args[1]).getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    try {
      main.invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void endWith(long test) {
    ProcessHandle.of(test).ifPresent(process -> process.onExit().join());
    Runtime.getRuntime().halt(ORPHANED);
  }
}
