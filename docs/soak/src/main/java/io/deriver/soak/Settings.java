package io.deriver.soak;

import io.deriver.soak.faults.FaultPlan;
import io.deriver.soak.judge.Bounds.Enough;
import io.deriver.soak.ledger.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a run is told, by system properties that begin with {@code soak.}.
 *
 * @param seed decides the faults, what becomes of each item, and what is enqueued together
 * @param time for how long there are faults
 * @param items to enqueue for good at least
 * @param processes workers
 * @param timeout of a unit
 * @param slack what a busy machine may add to lease and reap interval
 * @param every how far faults are apart, on the average
 * @param drain how long the workers get afterwards to work what is left
 * @param faults the kinds of faults
 * @param file of conversations; null for made-up ones
 * @param broken what is broken on purpose; null for nothing
 * @param enough what must be seen at least
 * @param url of a Postgres, with user and password; null for an embedded one
 */
public record Settings(
    long seed,
    Duration time,
    int items,
    int processes,
    Duration timeout,
    Duration slack,
    Duration every,
    Duration drain,
    List<Fault> faults,
    @Nullable Path file,
    @Nullable Broken broken,
    Enough enough,
    @Nullable String url) {

  private static final String PREFIX = "soak.";

  /** Those that are not told are the defaults: a minute, three processes. */
  public static Settings of(Properties told) {
    String file = text(told, "file", "");
    String broken = text(told, "broken", "");
    String url = text(told, "url", "");
    return new Settings(
        number(told, "seed", 42),
        Duration.ofSeconds(number(told, "seconds", 60)),
        (int) number(told, "items", 6_000),
        (int) number(told, "processes", 3),
        Duration.ofMillis(number(told, "timeout", 3_000)),
        Duration.ofSeconds(number(told, "slack", 5)),
        Duration.ofMillis(number(told, "every", 1_100)),
        Duration.ofSeconds(number(told, "drain", 180)),
        faults(text(told, "faults", "")),
        file.isEmpty() ? null : Path.of(file),
        broken.isEmpty() ? null : Broken.valueOf(broken.toUpperCase(Locale.ROOT)),
        new Enough(
            (int) number(told, "kills", 10),
            (int) number(told, "takeovers", 10),
            (int) number(told, "refused", 50)),
        url.isEmpty() ? null : url);
  }

  private static List<Fault> faults(String told) {
    return switch (told) {
      case "" -> FaultPlan.EVERYTHING;
      case "none" -> List.of();
      default ->
          List.of(told.split(",", -1)).stream()
              .map(name -> Fault.valueOf(name.toUpperCase(Locale.ROOT)))
              .toList();
    };
  }

  private static long number(Properties told, String name, long otherwise) {
    String text = text(told, name, "");
    try {
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s%s is '%s'; it must be a whole number".formatted(PREFIX, name, text), e);
    }
  }

  private static String text(Properties told, String name, String otherwise) {
    return told.getProperty(PREFIX + name, otherwise);
  }
}
