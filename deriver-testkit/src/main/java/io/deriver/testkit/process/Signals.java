package io.deriver.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Signals to processes, by their id: a database server of the test's own, for instance. POSIX only:
 * on Windows all of them throw UnsupportedOperationException.
 *
 * <p>Thread-safe. A process that has ended, or is another user's, is an IllegalStateException.
 */
public final class Signals {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long LOOK_AGAIN_NANOS = 1_000_000;

  private Signals() {}

  /** SIGSTOP; returns when the process stands still. Those that it has started go on. */
  public static void stop(long pid) throws InterruptedException {
    send("STOP", pid);
    awaitStopped(pid, true);
  }

  /** SIGCONT; returns when the process goes on, or has ended. */
  public static void resume(long pid) throws InterruptedException {
    send("CONT", pid);
    awaitStopped(pid, false);
  }

  /** SIGTERM: asks the process to end, without waiting for that. */
  public static void terminate(long pid) throws InterruptedException {
    send("TERM", pid);
  }

  /** SIGKILL: ends the process, without waiting for that. */
  public static void kill(long pid) throws InterruptedException {
    send("KILL", pid);
  }

  private static void send(String signal, long pid) throws InterruptedException {
    requirePosix(System.getProperty("os.name", ""));
    String said = run("kill", "-" + signal, String.valueOf(pid));
    if (!said.isEmpty()) {
      throw new IllegalStateException("SIG%s to process %d: %s".formatted(signal, pid, said));
    }
  }

  static void requirePosix(String system) {
    if (system.toLowerCase(Locale.ROOT).startsWith("windows")) {
      throw new UnsupportedOperationException(
          "signals to processes are POSIX'; %s has none".formatted(system));
    }
  }

  private static void awaitStopped(long pid, boolean stopped) throws InterruptedException {
    long until = System.nanoTime() + LIMIT.toNanos();
    while (isStopped(pid) != stopped) {
      if (ProcessHandle.of(pid).isEmpty()) {
        throw new IllegalStateException("process %d has ended".formatted(pid));
      }
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(
            "process %d %s after %s"
                .formatted(pid, stopped ? "has not stopped" : "does not go on", LIMIT));
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** Whether it stands still after a SIGSTOP. */
  static boolean isStopped(long pid) throws InterruptedException {
    return state(pid).startsWith("T");
  }

  /**
   * Whether it has ended and only its end is still to be collected. In a container whose first
   * process collects none, that is for ever with those whose starter has ended. Linux alone tells.
   */
  static boolean isDefunct(long pid) {
    try {
      return stat(Path.of("/proc", String.valueOf(pid), "stat")).startsWith("Z");
    } catch (IOException e) {
      return false;
    }
  }

  private static String state(long pid) throws InterruptedException {
    Path stat = Path.of("/proc", String.valueOf(pid), "stat");
    if (!Files.exists(stat)) {
      return run("ps", "-o", "state=", "-p", String.valueOf(pid));
    }
    try {
      return stat(stat);
    } catch (IOException e) {
      return "";
    }
  }

  private static String stat(Path stat) throws IOException {
    // Its name, in parentheses, may hold anything.
    String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
    return text.substring(text.lastIndexOf(')') + 1).strip();
  }

  /** What it printed if it failed or was asked for something. */
  private static String run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return process.waitFor() != 0 && said.isBlank() ? command[0] + " failed" : said.strip();
    } catch (IOException e) {
      throw new UncheckedIOException("this system has no " + command[0], e);
    }
  }
}
