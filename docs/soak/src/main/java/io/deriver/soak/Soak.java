package io.deriver.soak;

import io.deriver.soak.judge.Verdict;
import java.sql.SQLException;

/** The command: runs a soak as the system properties say, and ends with 0 if nothing was wrong. */
public final class Soak {

  private Soak() {}

  /** Takes no arguments; see {@link Settings}. */
  public static void main(String[] args) throws SQLException {
    Settings settings = Settings.of(System.getProperties());
    System.out.println("seed " + settings.seed() + ", " + settings);
    Verdict verdict;
    try (Server server = Server.open(settings.url())) {
      verdict = new SoakRun(settings, server, "soak").run();
    }
    System.out.print(verdict);
    System.out.println("seed " + settings.seed());
    System.exit(verdict.violations().isEmpty() ? 0 : 1);
  }
}
