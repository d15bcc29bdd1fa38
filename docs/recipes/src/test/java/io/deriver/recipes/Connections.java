package io.deriver.recipes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The kernel's list of connections: it knows of those that no server sees, or no longer looks at.
 * Linux only. Thread-safe.
 */
final class Connections {

  private static final List<Path> LISTS =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final String ESTABLISHED = "01";
  private static final String SYN_SENT = "02";
  private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(50);

  /** The remote address of a client's side, and the state of it. */
  private record Line(int port, String state) {}

  private Set<Line> lines = Set.of();
  private long readAt = System.nanoTime() - FRESH;

  static boolean areListed() {
    return LISTS.stream().allMatch(Files::exists);
  }

  /** Whether somebody is connected to this port. */
  boolean leadTo(int port) {
    return now().contains(new Line(port, ESTABLISHED));
  }

  /** Whether somebody tries to connect to this port. */
  boolean areTriedTo(int port) {
    return now().contains(new Line(port, SYN_SENT));
  }

  private synchronized Set<Line> now() {
    if (System.nanoTime() - readAt >= FRESH) {
      readAt = System.nanoTime();
      lines = LISTS.stream().flatMap(Connections::lines).collect(Collectors.toSet());
    }
    return lines;
  }

  /** A line of it is a number, the local address, the remote address, the state, and more. */
  private static Stream<Line> lines(Path list) {
    try {
      return Files.readAllLines(list).stream()
          .skip(1)
          .map(line -> line.strip().split("\\s+", 5))
          .map(fields -> new Line(port(fields[2]), fields[3]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }
}
