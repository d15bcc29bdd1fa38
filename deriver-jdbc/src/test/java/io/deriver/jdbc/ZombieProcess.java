package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.ds.PGSimpleDataSource;

/** A {@link ZombieHost} in a JVM of its own. */
final class ZombieProcess implements AutoCloseable {

  private static final Pattern LINE = Pattern.compile("@(\\d+) (.*)");

  private final Process process;
  private final Path output;

  private ZombieProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  static ZombieProcess start(Path folder, Db db, String role, String... settings)
      throws IOException {
    Path output = folder.resolve(role + ".txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ZombieHost.class.getName(),
                String.valueOf(((PGSimpleDataSource) db.dataSource()).getPortNumbers()[0]),
                db.schema(),
                role));
    command.addAll(List.of(settings));
    return new ZombieProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start(),
        output);
  }

  /** Tells it something. */
  void tell(String line) throws IOException {
    OutputStream input = process.getOutputStream();
    input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
  }

  /** When it said a line that begins so: awaited, in milliseconds of the wall clock. */
  long awaits(String beginning) {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .failFast("it has ended", () -> !process.isAlive() && said(beginning).isEmpty())
        .until(() -> said(beginning).isPresent());
    return said(beginning).orElseThrow();
  }

  OptionalLong said(String beginning) {
    return output().stream()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .filter(line -> line.group(2).startsWith(beginning))
        .mapToLong(line -> Long.parseLong(line.group(1)))
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
    try {
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** SIGKILL. */
  long kill() throws InterruptedException {
    long at = System.currentTimeMillis();
    assertThat(process.destroyForcibly().waitFor()).isNotZero();
    return at;
  }

  /** SIGSTOP or SIGCONT. */
  void signal(String signal) throws IOException, InterruptedException {
    Signals.send(signal, process.pid());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
