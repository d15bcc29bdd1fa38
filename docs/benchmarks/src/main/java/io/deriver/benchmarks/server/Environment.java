package io.deriver.benchmarks.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What figures depend on.
 *
 * @param machine cores and system
 * @param load how busy the machine was before, over a minute; negative where that is not known
 * @param jvm its version
 * @param postgres its version
 * @param settings those of Postgres that matter here
 * @param commit of the sources, with a plus if they were changed since; unknown outside a clone
 */
public record Environment(
    String machine,
    double load,
    String jvm,
    String postgres,
    Map<String, String> settings,
    String commit) {

  private static final List<String> SETTINGS =
      List.of(
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "wal_level",
          "shared_buffers",
          "max_wal_size",
          "checkpoint_timeout",
          "autovacuum",
          "jit");

  /** As it is now. */
  public static Environment of(Server server) throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String name : SETTINGS) {
      settings.put(name, server.value("SHOW " + name));
    }
    return new Environment(
        "%d cores, %s %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch")),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        server.value("SHOW server_version"),
        settings,
        sources());
  }

  private static String sources() {
    String commit = git("rev-parse", "--short=12", "HEAD");
    if (commit.isEmpty()) {
      return "unknown";
    }
    return git("status", "--porcelain").isEmpty() ? commit : commit + "+";
  }

  private static String git(String... arguments) {
    ProcessBuilder builder = new ProcessBuilder("git");
    builder.command().addAll(List.of(arguments));
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public String toString() {
    return "%s, load %.1f; %s; Postgres %s (%s); commit %s%n"
        .formatted(
            machine,
            load,
            jvm,
            postgres,
            settings.entrySet().stream().map(Object::toString).collect(Collectors.joining(", ")),
            commit);
  }
}
