package io.deriver.quickstart;

import io.deriver.quickstart.llm.Endpoint;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says; all of it is optional.
 *
 * @param database the user's own Postgres; null for an embedded one
 * @param llm a real LLM; null for the fake one
 * @param slots how many units are worked at once
 * @param timeout T: how long a unit may take
 * @param lease how long a node of deriver counts as alive without renewing
 * @param drain how long live runs may go on after a stop
 */
public record Settings(
    @Nullable Login database,
    @Nullable Endpoint llm,
    int slots,
    Duration timeout,
    Duration lease,
    Duration drain) {

  private static final String PREFIX = "QUICKSTART_";

  /** How to get into a database. */
  public record Login(String jdbcUrl, @Nullable String user, @Nullable String password) {}

  /**
   * Reads the environment.
   *
   * @throws IllegalArgumentException if a variable cannot be read; the message names it
   */
  public static Settings of(Map<String, String> environment) {
    String jdbcUrl = environment.get(PREFIX + "JDBC_URL");
    String apiKey = environment.get(PREFIX + "LLM_API_KEY");
    Endpoint llm =
        apiKey == null
            ? null
            : new Endpoint(
                environment.get(PREFIX + "LLM_BASE_URL"),
                apiKey,
                environment.getOrDefault(PREFIX + "LLM_MODEL", "gemini-2.5-flash"));
    return new Settings(
        jdbcUrl == null
            ? null
            : new Login(
                jdbcUrl,
                environment.get(PREFIX + "DB_USER"),
                environment.get(PREFIX + "DB_PASSWORD")),
        llm,
        number(environment, "SLOTS", 8),
        Duration.ofMillis(number(environment, "TIMEOUT_MS", llm == null ? 2_000 : 120_000)),
        Duration.ofMillis(number(environment, "LEASE_MS", 30_000)),
        Duration.ofMillis(number(environment, "DRAIN_MS", 10_000)));
  }

  private static int number(Map<String, String> environment, String name, int otherwise) {
    String value = environment.get(PREFIX + name);
    try {
      return value == null ? otherwise : Integer.parseInt(value.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s%s is '%s'; it must be a whole number".formatted(PREFIX, name, value), e);
    }
  }
}
