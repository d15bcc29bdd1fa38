package io.deriver.benchmarks.measure;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run is told, by the system property {@code bench} and others that begin with {@code
 * bench.}.
 *
 * @param which is run
 * @param items in each round
 * @param rounds that are measured, after one that is not
 * @param payload how many characters of payload an item has
 * @param idle for how many seconds an idle pool is watched
 * @param url of a Postgres, with user and password, for a superuser; null for an embedded one
 * @param out the folder of the results
 */
public record Settings(
    Which which, int items, int rounds, int payload, int idle, @Nullable String url, Path out) {

  private static final String PREFIX = "bench.";
  private static final int ITEMS_A_SINGLE = 10;
  private static final int ITEMS_A_PICKUP = 100;

  /** The benchmarks that can be asked for. */
  public enum Which {
    ALL,
    DRAIN,
    KEYS,
    ENQUEUE,
    PICKUP,
    IDLE,
    HANG,
    HANGS,
    PROCESSES,
    MEMORY;

    /** As it is asked for. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Those that are not told are the defaults. */
  public static Settings of(Properties told) {
    String url = told.getProperty(PREFIX + "url", "");
    return new Settings(
        which(told.getProperty("bench", "all")),
        number(told, "items", 50_000),
        number(told, "rounds", 5),
        number(told, "payload", 100),
        number(told, "idle", 60),
        url.isEmpty() ? null : url,
        Path.of(told.getProperty(PREFIX + "out", "target/results")));
  }

  /** Whether this one is to be run. */
  public boolean asksFor(Which one) {
    return which == Which.ALL || which == one;
  }

  /** How many items a round adds one by one: each waits for the disk. */
  public int singles() {
    return Math.max(1, items / ITEMS_A_SINGLE);
  }

  /** How many items a round picks up one by one: before each, all comes to rest. */
  public int pickups() {
    return Math.max(1, items / ITEMS_A_PICKUP);
  }

  private static Which which(String name) {
    return Stream.of(Which.values())
        .filter(one -> one.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "bench is %s; it must be one of %s"
                        .formatted(name, Arrays.toString(Which.values()))));
  }

  private static int number(Properties told, String name, int otherwise) {
    String text = told.getProperty(PREFIX + name, "");
    int number = text.isEmpty() ? otherwise : Integer.parseInt(text);
    if (number < 1) {
      throw new IllegalArgumentException(
          "%s%s is %d; it must be at least 1".formatted(PREFIX, name, number));
    }
    return number;
  }
}
