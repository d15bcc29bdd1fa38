package io.deriver.testkit.internal;

import java.io.Closeable;
import java.io.IOException;

/** How all that listens here closes its sockets. Thread-safe. */
public final class Sockets {

  private Sockets() {}

  public static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // A socket whose close failed is closed all the same.
    }
  }
}
