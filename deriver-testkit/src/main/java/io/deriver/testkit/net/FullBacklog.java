package io.deriver.testkit.net;

import io.deriver.testkit.internal.Sockets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An address on the loopback interface to which no connect completes: it listens, accepts nothing,
 * and its queue is full (okhttp#6611).
 *
 * <pre>{@code
 * try (FullBacklog nobody = new FullBacklog()) {
 *   new Socket().connect(nobody.address());   // hangs
 * }
 * }</pre>
 *
 * <p>What holds: a connect without a limit of its own waits for as long as the kernel tries, some
 * two minutes on Linux. {@link #close()} frees the port; those who still wait are refused at the
 * kernel's next try, which comes after at most about as long as they have waited. What does not:
 * systems that refuse, instead of leaving unanswered, what does not fit into a queue.
 *
 * <p>Thread-safe. It needs no thread.
 */
public final class FullBacklog implements AutoCloseable {

  private static final int SHORTEST_QUEUE = 1;
  private static final int MOST_FILLERS = 64;
  private static final Duration NOT_ACCEPTED = Duration.ofMillis(250);

  private final ServerSocket listening;
  private final List<SocketChannel> fillers = new ArrayList<>();

  /**
   * Listens on a free port of 127.0.0.1 and fills the queue.
   *
   * @throws UncheckedIOException if no port can be had
   * @throws IllegalStateException if this system's queue cannot be filled
   */
  public FullBacklog() {
    try {
      listening =
          new ServerSocket(0, SHORTEST_QUEUE, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    } catch (IOException e) {
      throw new UncheckedIOException("found no port to listen on", e);
    }
    try {
      fill();
    } catch (IOException e) {
      close();
      throw new IllegalStateException("this system refuses what does not fit into its queue", e);
    }
  }

  private void fill() throws IOException {
    for (int i = 0; i < MOST_FILLERS; i++) {
      SocketChannel filler = SocketChannel.open();
      fillers.add(filler);
      if (!connects(filler)) {
        // It would go on trying, and be one more in the queue should there ever be room.
        filler.close();
        return;
      }
    }
    close();
    throw new IllegalStateException(
        "a queue of %d took %d connections; this system's cannot be filled"
            .formatted(SHORTEST_QUEUE, MOST_FILLERS));
  }

  private boolean connects(SocketChannel filler) throws IOException {
    filler.configureBlocking(false);
    if (filler.connect(address())) {
      return true;
    }
    try (Selector selector = Selector.open()) {
      filler.register(selector, SelectionKey.OP_CONNECT);
      return selector.select(NOT_ACCEPTED.toMillis()) > 0 && filler.finishConnect();
    }
  }

  /** What to connect to. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  /** The address as {@code http://127.0.0.1:<port>}. */
  public String baseUrl() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /**
   * How many connects wait for it now, as the kernel tells.
   *
   * @throws UnsupportedOperationException on systems other than Linux, whose kernels do not tell
   */
  public int waiting() {
    return PendingConnects.to(listening.getLocalPort());
  }

  /** Stops listening. A second call does nothing. */
  @Override
  public void close() {
    Sockets.closeQuietly(listening);
    fillers.forEach(Sockets::closeQuietly);
  }
}
