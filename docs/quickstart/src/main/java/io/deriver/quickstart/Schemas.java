package io.deriver.quickstart;

/**
 * Where the tables are.
 *
 * @param host the host's own: summaries, and the input for the check
 * @param queue deriver's
 */
public record Schemas(String host, String queue) {

  /** Those of the subcommands. */
  public static final Schemas SHARED = new Schemas("quickstart", "quickstart_deriver");
}
