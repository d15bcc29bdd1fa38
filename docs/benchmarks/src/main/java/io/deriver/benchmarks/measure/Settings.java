package io.deriver.benchmarks.measure;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a run is told, by the system property {@code bench} and others that begin with {@code
 * bench.}.
 *
 * @param which is run
 * @param items in each round
 * @param rounds that are measured, after one that is not; one alone where a round is long
 * @param payload how many characters of payload an item has
 * @param idle for how many seconds an idle pool is watched
 * @param backlog how many keys the largest backlog has
 * @param snapshot for how many seconds a snapshot is held open
 * @param url of a Postgres, with user and password, for a superuser; null for an embedded one
 * @param out the folder of the results
 */
public record Settings(
    Which which,
    int items,
    int rounds,
    int payload,
    int idle,
    int backlog,
    int snapshot,
    @Nullable String url,
    Path out) {

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
    BACKLOG,
    REAPER,
    SNAPSHOT,
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
  public static Settings of(Properties properties) {
    Told told = new Told(properties);
    String url = told.text("url", "");
    return new Settings(
        told.which(),
        told.number("items", 1, 50_000),
        told.number("rounds", 1, 5),
        told.number("payload", 1, 100),
        told.number("idle", 1, 60),
        told.number("backlog", Sizes.SMALLEST, 1_000_000),
        told.number("snapshot", 1, 60),
        url.isEmpty() ? null : url,
        Path.of(told.text("out", "target/results")));
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
}
