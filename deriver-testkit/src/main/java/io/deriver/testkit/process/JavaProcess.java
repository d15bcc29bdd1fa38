package io.deriver.testkit.process;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A main class in a JVM of its own.
 *
 * <pre>{@code
 * try (JavaProcess host = JavaProcess.of(Host.class).args("--slots", "8").start()) {
 *   host.awaitLine("ready", Duration.ofSeconds(30));
 *   host.kill();
 *   ...                                  // what do the others do now?
 * }
 * }</pre>
 *
 * <p>What holds: {@link #close()} kills it and all processes that it has started, and returns when
 * they are gone. It does not outlive this JVM: when that ends it is killed, and when that is killed
 * it ends itself. What does not: a process that it starts while it is being killed, or whose
 * starter has ended, can stay; and one that is stopped outlives a kill of this JVM, since it cannot
 * end itself.
 *
 * <p>Its standard output and standard error are read line by line, as UTF-8 and as they come; the
 * last 10,000 lines are kept. Signals are POSIX': {@link #stop()}, {@link #resume()} and {@link
 * #terminate()} throw UnsupportedOperationException on Windows.
 *
 * <p>Thread-safe. It costs two threads here, daemons.
 */
public final class JavaProcess implements AutoCloseable {

  private static final Duration END = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private final OutputLines output;
  private final KilledAtExit atExit;

  private JavaProcess(String name, Process process, OutputLines output) {
    this.name = name;
    this.process = process;
    this.output = output;
    this.atExit = new KilledAtExit(process);
  }

  /** A builder for this main class, on the class path of this JVM. */
  public static Builder of(Class<?> mainClass) {
    return of(mainClass.getName());
  }

  /** As {@link #of(Class)}, by the class's name. */
  public static Builder of(String mainClass) {
    return new Builder(mainClass);
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has not ended; true while it is stopped. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The lines that it has printed so far, the last 10,000, oldest first. */
  public List<String> lines() {
    return output.lines();
  }

  /**
   * Waits until it has printed a line that begins so.
   *
   * @return the first such line
   * @throws AssertionError if there is none in time, or it ended without; the message has the last
   *     lines of its output
   * @throws InterruptedException if the calling thread is interrupted
   */
  public String awaitLine(String beginning, Duration within) throws InterruptedException {
    return output.await(
        line -> line.startsWith(beginning), 1, within, "that begins with '" + beginning + "'");
  }

  /** As {@link #awaitLine(String, Duration)}, for the first line of which this holds. */
  public String awaitLine(Predicate<String> which, Duration within) throws InterruptedException {
    return output.await(which, 1, within, "that was asked for");
  }

  /**
   * As {@link #awaitLine(String, Duration)}, until there are so many such lines.
   *
   * @return the last of them
   */
  public String awaitLines(String beginning, int count, Duration within)
      throws InterruptedException {
    return output.await(
        line -> line.startsWith(beginning), count, within, "that begins with '" + beginning + "'");
  }

  /**
   * Writes a line to its standard input.
   *
   * @throws UncheckedIOException if it has ended
   */
  public void tell(String line) {
    try {
      OutputStream input = process.getOutputStream();
      synchronized (input) {
        input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        input.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name + " does not listen any more", e);
    }
  }

  /** SIGKILL: ends it at this instant, without a word, and returns when it is gone. */
  public void kill() throws InterruptedException {
    // Those that it has started can be found only while it lives; close() is to end them.
    atExit.noteChildren();
    process.destroyForcibly();
    awaitExit(END);
  }

  /**
   * SIGSTOP: it stands still, all threads of it, until {@link #resume()}; its sockets stay open.
   * Returns when it does.
   */
  public void stop() throws InterruptedException {
    Signals.stop(process.pid());
  }

  /** SIGCONT: it goes on where it stood. */
  public void resume() throws InterruptedException {
    Signals.resume(process.pid());
  }

  /** SIGTERM: asks it to end; its shutdown hooks run. Does not wait for that. */
  public void terminate() throws InterruptedException {
    Signals.terminate(process.pid());
  }

  /**
   * Waits until it has ended and its output is read.
   *
   * @return its exit code; on POSIX 128 and the signal's number if a signal ended it
   * @throws AssertionError if it does not end in time; the message has the last lines of its output
   * @throws InterruptedException if the calling thread is interrupted
   */
  public int awaitExit(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(
          "%s has not ended within %s%s".formatted(name, within, output.tail()));
    }
    // A child of its own may hold the output open: then what is read is what there is.
    output.awaitEnd(Duration.ofSeconds(1));
    return process.exitValue();
  }

  /** Kills it and all that it has started, and waits until they are gone. Can be repeated. */
  @Override
  public void close() {
    atExit.killAll();
    atExit.awaitGone(END);
    atExit.forget();
    output.awaitEndQuietly(Duration.ofSeconds(1));
  }

  @Override
  public String toString() {
    return "%s, pid %d, %s"
        .formatted(name, pid(), isAlive() ? "alive" : "ended with " + process.exitValue());
  }

  /** Collects what a process is started with; not thread-safe, but once it is complete. */
  public static final class Builder {

    private final String mainClass;
    private String name;
    private List<String> arguments = List.of();
    private final List<String> jvmArguments = new ArrayList<>();
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private String classPath = System.getProperty("java.class.path");
    private @Nullable Path folder;

    private Builder(String mainClass) {
      this.mainClass = Objects.requireNonNull(mainClass, "mainClass");
      this.name = mainClass.substring(mainClass.lastIndexOf('.') + 1);
    }

    /** What it is called in messages; default the class's simple name. */
    public Builder name(String name) {
      this.name = Objects.requireNonNull(name, "name");
      return this;
    }

    /** The arguments of main; default none. */
    public Builder args(String... arguments) {
      this.arguments = List.of(arguments);
      return this;
    }

    /** Adds arguments of the JVM, {@code -Xmx64m} for instance. */
    public Builder jvmArgs(String... arguments) {
      jvmArguments.addAll(List.of(arguments));
      return this;
    }

    /** Sets a system property. */
    public Builder property(String key, String value) {
      properties.put(key, value);
      return this;
    }

    /** Sets a variable of its environment; the others are those of this JVM. */
    public Builder env(String key, String value) {
      environment.put(key, value);
      return this;
    }

    /** Its class path; default that of this JVM, which surefire may keep in a jar's manifest. */
    public Builder classPath(String classPath) {
      this.classPath = Objects.requireNonNull(classPath, "classPath");
      return this;
    }

    /** The folder that it works in; default that of this JVM. */
    public Builder folder(Path folder) {
      this.folder = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /**
     * Starts it.
     *
     * @throws UncheckedIOException if no process can be started
     */
    public JavaProcess start() {
      ArgumentFile file = ArgumentFile.write(command());
      ProcessBuilder builder =
          new ProcessBuilder(java(), "@" + file.path()).redirectErrorStream(true);
      builder.environment().putAll(environment);
      // What these would print, or do, was not asked for by the test.
      Stream.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")
          .filter(variable -> !environment.containsKey(variable))
          .forEach(builder.environment()::remove);
      if (folder != null) {
        builder.directory(folder.toFile());
      }
      try {
        Process process = builder.start();
        return new JavaProcess(name, process, OutputLines.of(name, process, file::delete));
      } catch (IOException e) {
        file.delete();
        throw new UncheckedIOException("could not start " + name, e);
      }
    }

    private List<String> command() {
      List<String> command = new ArrayList<>(jvmArguments);
      properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
      command.add("-cp");
      command.add(classPath + File.pathSeparator + ownLocation());
      command.add(GuardedMain.class.getName());
      command.add(String.valueOf(ProcessHandle.current().pid()));
      command.add(mainClass);
      command.addAll(arguments);
      return command;
    }

    private static String java() {
      return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Where the class that starts the main class is found, if the class path has no testkit. */
    private static String ownLocation() {
      try {
        return Path.of(
                GuardedMain.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
      } catch (URISyntaxException e) {
        throw new IllegalStateException("the testkit's own place on the class path is odd", e);
      }
    }
  }
}
