package io.deriver.testkit.llm;

import io.deriver.testkit.internal.Sockets;
import io.deriver.testkit.internal.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The listening socket and all that came out of it: one thread for it, one a connection. */
final class Listener implements AutoCloseable {

  private static final int BACKLOG = 256;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final ServerSocket socket;
  private final Thread acceptor;
  private final @Nullable SSLContext tls;
  private final Script script;
  private final RequestLog log;
  private final Rhythm rhythm;
  private final Map<Thread, Peer> open = new LinkedHashMap<>();
  private long accepted;
  private boolean closed;

  Listener(int port, @Nullable SSLContext tls, Script script, RequestLog log, Rhythm rhythm)
      throws IOException {
    this.tls = tls;
    this.script = script;
    this.log = log;
    this.rhythm = rhythm;
    socket = new ServerSocket(port, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    acceptor = daemon(this::accept, "acceptor");
  }

  void start() {
    acceptor.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  synchronized int open() {
    return open.size();
  }

  synchronized long accepted() {
    return accepted;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        serveOrDrop(socket.accept());
      } catch (IOException e) {
        // Closing, or a client that was gone before it was served: the next accept tells which.
        Sockets.restAfterFailedAccept();
      }
    }
  }

  private void serveOrDrop(Socket client) throws IOException {
    try {
      serve(client);
    } catch (IOException e) {
      client.close();
    }
  }

  private synchronized void serve(Socket client) throws IOException {
    if (closed) {
      client.close();
      return;
    }
    Peer peer = new Peer(client, tls);
    Connection connection = new Connection(++accepted, peer, script, log, rhythm);
    Thread thread = daemon(() -> runAndForget(connection), "connection-" + accepted);
    try {
      thread.start();
    } catch (OutOfMemoryError noMoreThreads) {
      throw new IOException("no thread for another connection", noMoreThreads);
    }
    open.put(thread, peer);
  }

  private void runAndForget(Connection connection) {
    try {
      connection.run();
    } finally {
      forget(Thread.currentThread());
    }
  }

  private synchronized void forget(Thread thread) {
    open.remove(thread);
  }

  /** Closes all connections; the listening socket stays. */
  void closeConnections() {
    List<Peer> peers;
    synchronized (this) {
      peers = new ArrayList<>(open.values());
    }
    peers.forEach(Sockets::closeQuietly);
  }

  @Override
  public void close() {
    List<Thread> threads;
    synchronized (this) {
      closed = true;
      threads = new ArrayList<>(open.keySet());
    }
    Sockets.closeQuietly(socket);
    closeConnections();
    threads.forEach(Thread::interrupt);
    threads.add(acceptor);
    Thread left = Threads.awaitEnd(threads, CLOSE_LIMIT);
    if (left != null) {
      throw new IllegalStateException(
          "thread %s did not end: a rule or an answering function of the host's still runs on it"
              .formatted(left.getName()));
    }
  }

  private Thread daemon(Runnable body, String role) {
    return Threads.daemon("fake-llm-" + port() + "-" + role, body);
  }
}
