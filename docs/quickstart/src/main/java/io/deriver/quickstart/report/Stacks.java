package io.deriver.quickstart.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Stacks, as short as they can be and still say where a thread hangs. */
public final class Stacks {

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

  /** Of each run of frames of one library, the top frame; a line each. */
  public static String condensed(List<String> frames) {
    List<String> kept = new ArrayList<>();
    String last = "";
    for (String frame : frames) {
      String bare = frame.substring(frame.lastIndexOf('/', frame.indexOf('(')) + 1).strip();
      String library = library(bare);
      if (!library.equals(last)) {
        kept.add(bare);
      }
      last = library;
    }
    return kept.stream().map(frame -> "      at " + frame).collect(Collectors.joining("\n"));
  }

  /** The first three parts of its name, or two where the class comes third. */
  private static String library(String frame) {
    return Arrays.stream(frame.split("\\.", -1))
        .limit(3)
        .takeWhile(part -> !Character.isUpperCase(part.charAt(0)))
        .collect(Collectors.joining("."));
  }
}
