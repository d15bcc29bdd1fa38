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
   * The top frame of each library, and all of this module's: a line each. Frames of generated
   * classes and of deriver are left out.
   */
  public static String condensed(List<String> frames) {
    List<String> kept = new ArrayList<>();
    Set<String> seen = new HashSet<>(Set.of("io.deriver"));
    for (String frame : frames) {
      String bare = frame.substring(frame.lastIndexOf('/', frame.indexOf('(')) + 1).strip();
      if (!bare.startsWith("0x") && (bare.startsWith(OURS) || seen.add(library(bare)))) {
        kept.add(bare);
      }
    }
    return kept.stream().map(frame -> "      at " + frame).collect(Collectors.joining("\n"));
  }

  /** The first two parts of its package; what belongs to the JDK counts as one. */
  private static String library(String frame) {
    List<String> parts =
        Arrays.stream(frame.split("\\.", -1))
            .takeWhile(part -> !Character.isUpperCase(part.charAt(0)))
            .limit(2)
            .toList();
    return parts.isEmpty() || JDK.contains(parts.get(0)) ? "jdk" : String.join(".", parts);
  }
}
