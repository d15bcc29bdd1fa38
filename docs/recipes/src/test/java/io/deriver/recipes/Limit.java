package io.deriver.recipes;

import java.time.Duration;

/**
 * A client with one of its own timeouts set to {@link #SHORT}; its other timeouts are long, or what
 * they are by default.
 *
 * @param client the row's first column
 * @param setting the row's second column
 */
record Limit(String client, String setting, Client.Usual usual) {

  static final Duration SHORT = Duration.ofSeconds(2);
}
