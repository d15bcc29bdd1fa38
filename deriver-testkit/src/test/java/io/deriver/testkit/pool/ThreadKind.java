package io.deriver.testkit.pool;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What runs are worked on. */
enum ThreadKind {
  PLATFORM,
  VIRTUAL;

  static final int JAVA = Runtime.version().feature();

  /** Skips the test, and says why, where the JVM has none of this kind. */
  void assumeAvailable() {
    assumeTrue(
        this == PLATFORM || JAVA >= 21,
        "Java " + JAVA + " has no virtual threads without preview features; Java 21 has");
  }

  /** As the documentation's table heads its column. */
  String column() {
    return "Java %d, %s".formatted(JAVA, this == PLATFORM ? "platform threads" : "virtual threads");
  }
}
