package io.deriver.testkit.process;

import io.deriver.testkit.internal.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a process has printed, read on a thread of its own. Thread-safe. */
final class OutputLines {

  private static final int KEPT = 10_000;
  private static final int SHOWN = 40;

  private final String name;
  private final Process process;
  private final Deque<String> lines = new ArrayDeque<>();
  private boolean ended;

  private OutputLines(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * @param atEnd run when there is nothing more to read
   */
  static OutputLines of(String name, Process process, Runnable atEnd) {
    OutputLines output = new OutputLines(name, process);
    Threads.daemon("output-of-" + name + "-" + process.pid(), () -> output.read(atEnd)).start();
    return output;
  }

  private void read(Runnable atEnd) {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line; (line = reader.readLine()) != null; ) {
        add(line);
      }
    } catch (IOException e) {
      // It was closed under the reader: there is nothing more to read.
    } finally {
      end();
      atEnd.run();
    }
  }

  private synchronized void add(String line) {
    if (lines.size() == KEPT) {
      lines.removeFirst();
    }
    lines.addLast(line);
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits for so many lines of which this holds; answers the last of them. */
  synchronized String await(Predicate<String> which, int count, Duration within, String description)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (true) {
      List<String> found = lines.stream().filter(which).limit(count).toList();
      if (found.size() == count) {
        return found.get(count - 1);
      }
      long left = until - System.nanoTime();
      if (ended || left <= 0) {
        throw new AssertionError(missing(found.size(), count, within, description));
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
  }

  private String missing(int found, int count, Duration within, String description) {
    String how = count == 1 ? "no line" : "only %d of %d lines".formatted(found, count);
    String why = ended ? "and it has ended" + code() : "within " + within;
    return "%s has printed %s %s %s%s".formatted(name, how, description, why, tail());
  }

  private String code() {
    return process.isAlive() ? ", as far as its output goes" : " with " + process.exitValue();
  }

  /** The last lines, for messages. */
  synchronized String tail() {
    if (lines.isEmpty()) {
      return "; it has printed nothing";
    }
    return "; its output:\n"
        + lines.stream()
            .skip(Math.max(0, lines.size() - SHOWN))
            .map(line -> "  " + line)
            .collect(Collectors.joining("\n"));
  }

  /** Waits until all is read, at most for so long. */
  synchronized void awaitEnd(Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    for (long left; !ended && (left = until - System.nanoTime()) > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
  }

  /** The same; an interrupt is kept for later and ends the wait. */
  void awaitEndQuietly(Duration within) {
    try {
      awaitEnd(within);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
