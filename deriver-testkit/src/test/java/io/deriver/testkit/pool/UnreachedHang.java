package io.deriver.testkit.pool;

import io.deriver.RunContext;
import io.deriver.testkit.net.FullBacklog;
import io.deriver.testkit.net.SilentServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Hangs before any request is sent: in the connect, or in the TLS handshake. */
final class UnreachedHang implements Hang {

  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final InetSocketAddress address;
  private final Runnable closeServer;
  private final boolean tls;

  private UnreachedHang(InetSocketAddress address, Runnable closeServer, boolean tls) {
    this.address = address;
    this.closeServer = closeServer;
    this.tls = tls;
  }

  static UnreachedHang connecting() {
    FullBacklog nobody = new FullBacklog();
    return new UnreachedHang(nobody.address(), nobody::close, false);
  }

  static UnreachedHang shakingHands() {
    SilentServer silent = new SilentServer();
    return new UnreachedHang(silent.address(), silent::close, true);
  }

  @Override
  public void enter(RunContext run, Consumer<AutoCloseable> closes) throws Exception {
    try (Socket plain = new Socket()) {
      sockets.add(plain);
      if (!tls) {
        closes.accept(plain);
      }
      plain.connect(address);
      if (tls) {
        shakeHands(plain, closes);
      }
    }
  }

  private void shakeHands(Socket plain, Consumer<AutoCloseable> closes) throws IOException {
    SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (SSLSocket secure =
        (SSLSocket) factory.createSocket(plain, address.getHostString(), address.getPort(), true)) {
      closes.accept(secure);
      secure.startHandshake();
    }
  }

  @Override
  public boolean awaitHung(int callers, Duration within) {
    return true;
  }

  @Override
  public void close() {
    // Those who connect would else wait for their kernel's next try.
    sockets.forEach(UnreachedHang::close);
    closeServer.run();
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
