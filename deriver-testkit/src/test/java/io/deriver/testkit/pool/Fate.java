package io.deriver.testkit.pool;

import java.util.Arrays;

/** What became of a thread whose run was ended by force. */
enum Fate {
  BY_INTERRUPT("freed by interrupt"),
  BY_CLOSE("freed by close"),
  ABANDONED("abandoned"),
  WITH_ITS_CARRIER("abandoned with its carrier");

  private final String words;

  Fate(String words) {
    this.words = words;
  }

  static Fate of(String words) {
    return Arrays.stream(values())
        .filter(fate -> fate.words.equals(words))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no fate is called '" + words + "'"));
  }

  /** As the documentation's table has it. */
  String words() {
    return words;
  }
}
