package io.deriver.recipes;

import java.util.List;

/** The kinds of threads that the tables tell apart. */
final class Kinds {

  static final String VIRTUAL = "25 virtual";
  static final List<String> ALL = List.of("17", "25", VIRTUAL);

  static final List<String> PLATFORM = List.of("17", "25");

  private Kinds() {}

  /** Those that this JVM can measure. */
  static List<String> here() {
    String feature = String.valueOf(Runtime.version().feature());
    return ALL.stream().filter(kind -> (kind + " ").startsWith(feature + " ")).toList();
  }
}
