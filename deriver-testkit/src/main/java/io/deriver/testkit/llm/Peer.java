package io.deriver.testkit.llm;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The client at the other end of one socket: what it says, what it is told, whether it is there.
 */
final class Peer implements Closeable {

  private static final int SMALL_BUFFER = 64 << 10;

  // Closed as it is, since to close TLS in good order waits for a write that may hang.
  private final Socket socket;
  private final BufferedInputStream in;
  private final BufferedOutputStream out;
  private final HttpCallReader reader;
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param tls what the client is to be met with; null for plain HTTP. Hands are shaken when the
   *     first call is read
   */
  Peer(Socket socket, @Nullable SSLContext tls) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    Socket spoken = tls == null ? socket : tls.getSocketFactory().createSocket(socket, null, true);
    in = new BufferedInputStream(spoken.getInputStream());
    out = new BufferedOutputStream(spoken.getOutputStream());
    reader = new HttpCallReader(in, out);
  }

  @Nullable HttpCall nextCall() throws IOException {
    return reader.next();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends at once: what a fake holds back it must not have buffered. */
  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** Sends one chunk of a chunked body. */
  void sendChunk(String text) throws IOException {
    if (!text.isEmpty()) {
      send(chunk(text));
    }
  }

  /** The bytes of one chunk; the text must not be empty, since that would end the body. */
  static byte[] chunk(String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    byte[] size = (Integer.toHexString(body.length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer chunk = ByteBuffer.allocate(size.length + body.length + 2);
    return chunk.put(size).put(body).put((byte) '\r').put((byte) '\n').array();
  }

  void sendLastChunk() throws IOException {
    send("0\r\n\r\n");
  }

  /** Has the kernel hold back little of what a client does not read; for those who never stop. */
  void holdBackLittle() throws IOException {
    socket.setSendBufferSize(SMALL_BUFFER);
  }

  /** Waits until this side is closed, and notices nothing else. */
  void awaitClose() throws InterruptedException {
    closed.await();
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Says nothing until the client leaves or the socket is closed on this side. */
  void waitUntilGone() throws IOException, InterruptedException {
    socket.setSoTimeout(0);
    if (hasMore()) {
      closed.await();
    }
  }

  /**
   * Says nothing for so long.
   *
   * @return whether the client is still there
   */
  boolean staysFor(Duration silence) throws IOException, InterruptedException {
    if (silence.isZero()) {
      return true;
    }
    long until = System.nanoTime() + silence.toNanos();
    socket.setSoTimeout((int) Math.max(1, silence.toMillis()));
    try {
      return hasMore() && !closed.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (SocketTimeoutException silent) {
      return true;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(0);
      }
    }
  }

  /** Waits for a byte and leaves it: the beginning of a call that the client sent ahead. */
  private boolean hasMore() throws IOException {
    in.mark(1);
    if (in.read() < 0) {
      return false;
    }
    in.reset();
    return true;
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
