package io.deriver.testkit.net;

import io.deriver.testkit.internal.Sockets;
import io.deriver.testkit.internal.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server on the loopback interface that accepts and never says or reads a byte, so that a TLS
 * handshake is never answered (conscrypt#864, jetty#13962).
 *
 * <pre>{@code
 * try (SilentServer server = new SilentServer()) {
 *   client.baseUrl(server.httpsUrl());   // every call hangs in the handshake
 *   ...
 *   server.awaitConnections(8, ofSeconds(10));
 * }
 * }</pre>
 *
 * <p>What holds: a connection stays open until its client leaves or this is closed; {@link
 * #close()} ends all of them, and the one thread. What does not: it does not notice that a client
 * has left.
 *
 * <p>Thread-safe.
 */
public final class SilentServer implements AutoCloseable {

  private static final int BACKLOG = 256;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final ServerSocket listening;
  private final Thread acceptor;
  private final List<Socket> accepted = new ArrayList<>();
  private boolean closed;

  /**
   * Listens on a free port of 127.0.0.1 from now on.
   *
   * @throws UncheckedIOException if no port can be had
   */
  public SilentServer() {
    try {
      listening = new ServerSocket(0, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    } catch (IOException e) {
      throw new UncheckedIOException("found no port to listen on", e);
    }
    acceptor =
        Threads.daemon("silent-server-" + listening.getLocalPort() + "-acceptor", this::accept);
    acceptor.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        keep(listening.accept());
      } catch (IOException e) {
        // Closing, or a client that was gone before it was accepted: the next accept tells which.
        Sockets.restAfterFailedAccept();
      }
    }
  }

  private synchronized void keep(Socket client) {
    if (closed) {
      Sockets.closeQuietly(client);
    } else {
      accepted.add(client);
      notifyAll();
    }
  }

  /** What to connect to. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  /** The address as {@code https://127.0.0.1:<port>}. */
  public String httpsUrl() {
    return "https://127.0.0.1:" + listening.getLocalPort();
  }

  /** How many connections were ever accepted. */
  public synchronized int connectionCount() {
    return accepted.size();
  }

  /**
   * Waits until so many connections were accepted.
   *
   * @return whether they were in time
   */
  public synchronized boolean awaitConnections(int atLeast, Duration within)
      throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (accepted.size() < atLeast) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Leaves its port to another server. Connections stay open and silent; new ones are refused. */
  public void stopListening() {
    Sockets.closeQuietly(listening);
    awaitThread();
  }

  /**
   * Stops listening, closes every connection and waits for the end of its thread. A second call
   * does nothing.
   */
  @Override
  public void close() {
    List<Socket> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(accepted);
    }
    Sockets.closeQuietly(listening);
    open.forEach(Sockets::closeQuietly);
    awaitThread();
  }

  private void awaitThread() {
    Thread left = Threads.awaitEnd(List.of(acceptor), CLOSE_LIMIT);
    if (left != null) {
      throw new IllegalStateException("thread %s did not end".formatted(left.getName()));
    }
  }
}
