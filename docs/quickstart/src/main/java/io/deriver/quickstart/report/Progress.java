package io.deriver.quickstart.report;

import java.io.Console;
import java.lang.reflect.Method;

/** Shows how far an act has come. Used by one thread. */
public interface Progress extends AutoCloseable {

  /** A bar where there is a terminal, plain lines where there is none. */
  static Progress of(String what, int goal) {
    return isTerminal() ? new BarProgress(what, goal) : new LineProgress(what, goal);
  }

  /** Shows that so many are done. */
  void show(int done);

  @Override
  void close();

  @SuppressWarnings("SystemConsoleNull") // null on 17 to 21, which this still runs on
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console even where there is no terminal; only it can tell.
      Method isTerminal = Console.class.getMethod("isTerminal");
      return (boolean) isTerminal.invoke(console);
    } catch (NoSuchMethodException beforeJava22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
