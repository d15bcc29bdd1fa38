package io.deriver.internal.pool;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Makes the pool's threads: daemons that inherit no thread locals. */
final class Threads {

  private Threads() {}

  /** A thread that is not started. */
  static Thread daemon(String name, Runnable body) {
    Thread thread = new Thread(null, body, name, 0, false);
    thread.setDaemon(true);
    return thread;
  }

  /** Makes numbered platform threads. */
  static ThreadFactory platform(String prefix) {
    AtomicLong numbers = new AtomicLong();
    return body -> daemon(prefix + numbers.incrementAndGet(), body);
  }

  /**
   * Makes virtual threads. Reached by reflection since the floor is Java 17.
   *
   * @throws IllegalStateException where the JVM has none
   */
  static ThreadFactory virtual(String name) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder");
      builder = type.getMethod("name", String.class, long.class).invoke(builder, name, 0L);
      builder =
          type.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(builder, false);
      return (ThreadFactory) type.getMethod("factory").invoke(builder);
    } catch (NoSuchMethodException | ClassNotFoundException absent) {
      throw noVirtualThreads(absent);
    } catch (IllegalAccessException | InvocationTargetException | UnsupportedOperationException e) {
      throw noVirtualThreads(e);
    }
  }

  private static IllegalStateException noVirtualThreads(Exception cause) {
    return new IllegalStateException(
        "virtualThreads is true, but Java "
            + Runtime.version().feature()
            + " has none without preview features; they need Java 21 or newer",
        cause);
  }
}
