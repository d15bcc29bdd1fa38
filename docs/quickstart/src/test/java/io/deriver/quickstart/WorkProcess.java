package io.deriver.quickstart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The subcommand {@code work} in a JVM of its own, killed on close if it still lives. */
final class WorkProcess implements AutoCloseable {

  private final Process process;
  private final Path output;

  private WorkProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Starts one that finds its settings in this environment. */
  static WorkProcess start(Path folder, String name, Map<String, String> environment)
      throws IOException {
    Path output = folder.resolve(name + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Quickstart.class.getName(),
                "work")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    return new WorkProcess(builder.start(), output);
  }

  /** How many lines of its output begin so. */
  long lines(String beginning) {
    return output().stream().filter(line -> line.startsWith(beginning)).count();
  }

  /** All that it has printed. */
  List<String> output() {
    try {
      return Files.readAllLines(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Whether it ended within so many seconds. */
  boolean endsWithin(long seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
