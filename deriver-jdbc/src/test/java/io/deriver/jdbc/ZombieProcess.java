package io.deriver.jdbc;

import io.deriver.testkit.process.JavaProcess;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.postgresql.ds.PGSimpleDataSource;

/** A {@link ZombieHost} in a JVM of its own, whose lines each begin with the time. */
record ZombieProcess(JavaProcess process) implements AutoCloseable {

  private static final Pattern LINE = Pattern.compile("@(\\d+) (.*)");
  private static final Duration BOUND = Duration.ofSeconds(60);

  static ZombieProcess start(Db db, String role, String... settings) {
    int port = ((PGSimpleDataSource) db.dataSource()).getPortNumbers()[0];
    String[] args =
        Stream.concat(Stream.of(String.valueOf(port), db.schema(), role), Stream.of(settings))
            .toArray(String[]::new);
    return new ZombieProcess(
        JavaProcess.of(ZombieHost.class)
            .name(role)
            .jvmArgs("-XX:TieredStopAtLevel=1")
            .args(args)
            .start());
  }

  void tell(String line) {
    process.tell(line);
  }

  /** When it said a line that begins so: awaited, in milliseconds of the wall clock. */
  long awaits(String beginning) throws InterruptedException {
    process.awaitLine(line -> says(line, beginning), BOUND);
    return said(beginning).orElseThrow();
  }

  private static boolean says(String line, String beginning) {
    Matcher said = LINE.matcher(line);
    return said.matches() && said.group(2).startsWith(beginning);
  }

  OptionalLong said(String beginning) {
    return output().stream()
        .filter(line -> says(line, beginning))
        .mapToLong(line -> Long.parseLong(line.substring(1, line.indexOf(' '))))
        .findFirst();
  }

  /** The number behind this word in the line that begins so. */
  long number(String beginning, String word) {
    Pattern behind = Pattern.compile("@\\d+ " + beginning + ".* " + word + " (\\d+).*");
    return output().stream()
        .map(behind::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .findFirst()
        .orElseThrow();
  }

  List<String> output() {
    return process.lines();
  }

  /** SIGKILL; answers when, in milliseconds of the wall clock. */
  long kill() throws InterruptedException {
    long at = System.currentTimeMillis();
    process.kill();
    return at;
  }

  @Override
  public void close() {
    process.close();
  }
}
