package io.deriver.quickstart.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Stacks, as short as they can be and still say where a thread hangs. */
public final class Stacks {

  private static final String OURS = "io.deriver.quickstart.";
  private static final Set<String> JDK = Set.of("java", "jdk", "sun");

  private Stacks() {}

  /** The different stacks of the threads whose name begins so, each with how many share it. */
  public static Map<String, Integer> of(String threadPrefix) {
    Map<String, Integer> stacks = new TreeMap<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              if (thread.getName().startsWith(threadPrefix)) {
                List<String> lines = Arrays.stream(frames).map(Object::toString).toList();
                stacks.merge(condensed(lines), 1, Integer::sum);
              }
            });
    return stacks;
  }

  /**
   * The top frame of each library, and of ours all: a line each. Frames of generated classes are
   * left out.
   */
  public static String condensed(List<String> frames) {
    List<String> kept = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String frame : frames) {
      String bare = frame.substring(frame.lastIndexOf('/', frame.indexOf('(')) + 1).strip();
      if (!bare.startsWith("0x") && (bare.startsWith(OURS) || seen.add(library(bare)))) {
        kept.add(bare);
      }
    }
    return kept.stream().map(frame -> "      at " + frame).collect(Collectors.joining("\n"));
  }

  /** The first two parts of its name; those of the JDK count as one. */
  private static String library(String frame) {
    String[] parts = frame.split("\\.", 3);
    return JDK.contains(parts[0]) || parts.length < 2 ? "jdk" : parts[0] + "." + parts[1];
  }
}
