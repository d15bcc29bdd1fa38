package io.deriver.testkit.internal;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How all that listens here closes its sockets. Thread-safe. */
public final class Sockets {

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private Sockets() {}

  /**
   * For those who accept, after an accept that failed: with no file handle left the next would fail
   * at once, and the next, and take a core that others need to let go of theirs.
   */
  public static void restAfterFailedAccept() {
    LockSupport.parkNanos(REST_NANOS);
  }

  public static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // A socket whose close failed is closed all the same.
    }
  }
}
