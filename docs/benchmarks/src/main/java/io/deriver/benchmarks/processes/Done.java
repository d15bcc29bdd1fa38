package io.deriver.benchmarks.processes;

import java.util.List;

/**
 * What a process has told of its progress.
 *
 * @param at when it saw the last of them, by the wall clock, in ms
 */
record Done(long items, long at) {

  static final Done NOTHING = new Done(0, 0);

  /** The last that is told in these lines, after the last that are told to be forgotten. */
  static Done last(List<String> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      if (line.equals("rested")) {
        return NOTHING;
      }
      if (line.startsWith(Progress.DONE)) {
        String[] words = line.split(" ", -1);
        return new Done(Long.parseLong(words[1]), Long.parseLong(words[2]));
      }
    }
    return NOTHING;
  }
}
