package io.deriver.testkit.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The connects of this machine that have not been answered, as Linux lists them: the callers
 * themselves cannot be seen from a server that they have not reached.
 */
final class PendingConnects {

  private static final List<Path> LISTS =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final String SYN_SENT = "02";

  private PendingConnects() {}

  static int to(int port) {
    if (!Files.isReadable(LISTS.get(0))) {
      throw new UnsupportedOperationException(
          "this system does not tell which connects wait; Linux does, in " + LISTS.get(0));
    }
    String remote = ":%04X".formatted(port);
    return LISTS.stream().mapToInt(list -> count(list, remote)).sum();
  }

  private static int count(Path list, String remote) {
    if (!Files.isReadable(list)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(list)) {
      return (int)
          lines
              .map(line -> line.strip().split("\\s+", STATE + 2))
              .filter(
                  fields ->
                      fields.length > STATE
                          && fields[REMOTE].toUpperCase(Locale.ROOT).endsWith(remote)
                          && fields[STATE].equals(SYN_SENT))
              .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
