package io.deriver.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A network to the database that can be made to swallow everything, in both directions, or to break
 * the connection on which an answer comes.
 */
final class Relay implements AutoCloseable {

  private final int target;
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final CountDownLatch thaw = new CountDownLatch(1);
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicReference<@Nullable String> toLose = new AtomicReference<>();
  private volatile boolean frozen;

  Relay(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** From now on nothing comes through, on old connections and new ones. */
  void freeze() {
    frozen = true;
  }

  /** The next answer in which this text stands breaks its connection instead of coming through. */
  void loseTheAnswerThatSays(String text) {
    toLose.set(text);
  }

  /** How many answers were lost so. */
  int lost() {
    return lost.get();
  }

  private boolean loses(byte[] buffer, int n) {
    String text = toLose.get();
    boolean loses =
        text != null
            && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(text)
            && toLose.compareAndSet(text, null);
    if (loses) {
      lost.incrementAndGet();
    }
    return loses;
  }

  private void accept() throws IOException {
    while (!server.isClosed()) {
      Socket client = server.accept();
      Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(client);
      sockets.add(database);
      start(() -> copy(client, database, false));
      start(() -> copy(database, client, true));
    }
  }

  private void copy(Socket from, Socket to, boolean answers)
      throws IOException, InterruptedException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[8192];
      int n;
      while ((n = in.read(buffer)) >= 0) {
        if (frozen) {
          thaw.await();
        }
        if (answers && loses(buffer, n)) {
          return;
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    }
  }

  private static void start(Threads.Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                // The end of a connection is how a relay ends.
              }
            },
            "relay");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    thaw.countDown();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
