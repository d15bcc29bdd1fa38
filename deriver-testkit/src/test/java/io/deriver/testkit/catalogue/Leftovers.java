package io.deriver.testkit.catalogue;

import static io.deriver.testkit.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The threads and the sockets of this JVM that were not there when this was made. */
final class Leftovers {

  private static final Path HANDLES = Path.of("/proc/self/fd");
  // Threads of the test's own tools, and the JDK's that has ended keytool.
  private static final Pattern TOOLS =
      Pattern.compile("awaitility.*|junit-.*|process reaper.*|surefire-.*");

  private final Set<Thread> threads = liveThreads();
  private final Set<String> sockets = openSockets();

  /** Waits until none is left. */
  void awaitNone() {
    soon()
        .untilAsserted(
            () -> {
              assertThat(newOf(liveThreads(), threads)).as("threads").isEmpty();
              assertThat(newOf(openSockets(), sockets)).as("sockets").isEmpty();
            });
  }

  /** Whether nobody listens there, and a server can. */
  static void assertFree(String baseUrl) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), URI.create(baseUrl).getPort());
    soon().until(() -> isRefused(address));
    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(address);
      assertThat(again.isBound()).isTrue();
    }
  }

  private static boolean isRefused(InetSocketAddress address) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return false;
    } catch (ConnectException refused) {
      return true;
    }
  }

  private static <T> Set<T> newOf(Set<T> now, Set<T> before) {
    Set<T> left = new HashSet<>(now);
    left.removeAll(before);
    return left;
  }

  private static Set<Thread> liveThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !TOOLS.matcher(thread.getName()).matches())
        .collect(Collectors.toSet());
  }

  /** As Linux lists them; none elsewhere. */
  private static Set<String> openSockets() {
    Set<String> sockets = new HashSet<>();
    if (!Files.isDirectory(HANDLES)) {
      return sockets;
    }
    try (DirectoryStream<Path> handles = Files.newDirectoryStream(HANDLES)) {
      for (Path handle : handles) {
        add(handle, sockets);
      }
      return sockets;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Path handle, Set<String> sockets) throws IOException {
    try {
      String target = Files.readSymbolicLink(handle).toString();
      if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
        sockets.add(handle.getFileName() + " " + target);
      }
    } catch (NoSuchFileException closed) {
      // Between the listing and the look.
    }
  }
}
