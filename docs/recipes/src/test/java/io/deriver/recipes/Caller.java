package io.deriver.recipes;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Something that is done on a daemon thread of its own. */
final class Caller {

  /** What may throw. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  final Thread thread;

  private final CountDownLatch back = new CountDownLatch(1);
  private volatile @Nullable Throwable thrown;

  private Caller(Work work, boolean virtual) {
    Runnable body =
        () -> {
          try {
            work.run();
          } catch (Throwable error) {
            thrown = error;
          } finally {
            back.countDown();
          }
        };
    thread = virtual ? virtual(body) : new Thread(body, "caller");
  }

  static Caller start(Work work, boolean virtual) {
    Caller caller = new Caller(work, virtual);
    if (!virtual) {
      caller.thread.setDaemon(true);
    }
    caller.thread.start();
    return caller;
  }

  /** By reflection, since this compiles for Java 17. */
  private static Thread virtual(Runnable body) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      return (Thread)
          Class.forName("java.lang.Thread$Builder")
              .getMethod("unstarted", Runnable.class)
              .invoke(builder, body);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("this JVM has no virtual threads", e);
    }
  }

  boolean isBackWithin(Duration patience) throws InterruptedException {
    return back.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean isBack() {
    return back.getCount() == 0;
  }

  /** What it threw, once it is back. */
  @Nullable Throwable thrown() {
    return thrown;
  }
}
