package io.deriver.testkit.llm;

import java.io.Closeable;
import java.io.IOException;

/** What the fakes share in dealing with sockets. */
final class Sockets {

  private Sockets() {}

  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // A socket whose close failed is closed all the same.
    }
  }
}
