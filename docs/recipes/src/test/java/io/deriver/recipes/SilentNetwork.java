package io.deriver.recipes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A way to the database that goes silent for good, for old connections and new ones, at the first
 * statement with a certain word in it. It goes on reading what it drops, so that it sees whoever
 * spoke the word hang up; the testkit's proxy does not while it holds.
 */
final class SilentNetwork implements AutoCloseable {

  static final String WORD = "silence";

  private final int target;
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean silent;
  private volatile boolean gone;

  SilentNetwork(int target) throws IOException {
    this.target = target;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Caller unused = Caller.start(this::accept, false);
  }

  int port() {
    return server.getLocalPort();
  }

  /** Whether it has gone silent, and the one who spoke the word has not hung up. */
  boolean holds() {
    return silent && !gone;
  }

  private void accept() throws IOException {
    while (!server.isClosed()) {
      Socket client = server.accept();
      sockets.add(client);
      if (!silent) {
        Socket database = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(database);
        Caller unusedUp = Caller.start(() -> copy(client, database, true), false);
        Caller unusedDown = Caller.start(() -> copy(database, client, false), false);
      }
    }
  }

  private void copy(Socket from, Socket to, boolean up) throws IOException {
    byte[] buffer = new byte[8192];
    boolean spoken = false;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n; (n = in.read(buffer)) >= 0; ) {
        if (up && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(WORD)) {
          spoken = true;
          silent = true;
        }
        if (!silent) {
          out.write(buffer, 0, n);
        }
      }
    } finally {
      gone |= spoken;
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
