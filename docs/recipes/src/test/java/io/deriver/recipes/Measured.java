package io.deriver.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A table of the page, measured: compared with what the page says, or with {@code
 * -Drecipes.write=true} written there.
 */
final class Measured {

  private static final boolean WRITE = Boolean.getBoolean("recipes.write");

  /**
   * What lands between two reads of a client, or on a machine that stands still, now and then does
   * what it seldom does.
   */
  private static final int TRIES = 3;

  /** How a cell is measured. */
  @FunctionalInterface
  interface Measure {
    /**
     * @param number no other call has it
     * @param expected what the page says; null if it is to be written
     */
    String word(Cell cell, long number, @Nullable String expected) throws Exception;
  }

  private Measured() {}

  /** All cells at once: all that they do is wait. */
  static void compareOrWrite(Page page, String kind, Collection<Cell> cells, Measure measure)
      throws Exception {
    Map<Cell, String> said = page.words(kind);
    Map<Cell, Future<String>> measuring = new LinkedHashMap<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    for (Cell cell : cells) {
      String expected = WRITE ? null : said.get(cell);
      long first = (long) measuring.size() * TRIES;
      measuring.put(cell, threads.submit(() -> word(cell, first, expected, measure)));
    }
    Map<Cell, String> seen = new LinkedHashMap<>();
    for (Map.Entry<Cell, Future<String>> one : measuring.entrySet()) {
      seen.put(one.getKey(), one.getValue().get());
    }
    threads.shutdown();
    if (WRITE) {
      page.write(kind, seen);
    } else {
      assertThat(seen).as("what is seen, and what the page says of %s", kind).isEqualTo(said);
    }
  }

  private static boolean isDoubtful(String word, @Nullable String expected) {
    return expected == null ? word.equals(Verdict.FAILS.word) : !word.equals(expected);
  }

  private static String word(Cell cell, long first, @Nullable String expected, Measure measure)
      throws Exception {
    String word = measure.word(cell, first, expected);
    for (int i = 1; i < TRIES && isDoubtful(word, expected); i++) {
      word = measure.word(cell, first + i, expected);
    }
    return word;
  }
}
