package io.deriver.benchmarks.measure;

import java.util.List;
import java.util.stream.IntStream;

/** What items carry: texts that differ, all as long as they shall be. */
public final class Payloads {

  private static final String FILLER = "What was said in the conversation is to be summarized. ";

  private static final int SHORTEST_WITH_NUMBER = 12;

  private Payloads() {}

  /**
   * Returns if payloads of this length hold their number.
   *
   * @param why it is needed
   * @throws IllegalArgumentException if they do not
   */
  public static void requireNumbers(int length, String why) {
    if (length < SHORTEST_WITH_NUMBER) {
      throw new IllegalArgumentException(
          "bench.payload is %d; %s it must be at least %d"
              .formatted(length, why, SHORTEST_WITH_NUMBER));
    }
  }

  /** So many of them. */
  public static List<String> of(int count, int length) {
    return IntStream.range(0, count).mapToObj(number -> payload(number, length)).toList();
  }

  /** Which one it is, from 0 on, of a payload that is long enough to hold its number. */
  public static int number(String payload) {
    return Integer.parseInt(payload, 0, payload.indexOf(':'), 10);
  }

  private static String payload(int number, int length) {
    String text = "%d: %s".formatted(number, FILLER);
    return text.repeat(length / text.length() + 1).substring(0, length);
  }
}
