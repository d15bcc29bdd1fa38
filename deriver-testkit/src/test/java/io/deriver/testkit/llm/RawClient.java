package io.deriver.testkit.llm;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client that sees every byte of a response, framing included. */
final class RawClient implements Closeable {

  private static final int LIMIT_MILLIS = 20_000;
  private static final int SMALL_BUFFER = 64 << 10;

  private final Socket socket;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private boolean ended;

  RawClient(FakeLlmServer server) throws IOException {
    URI base = URI.create(server.baseUrl());
    socket = new Socket();
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** All that came so far, once it contains the text. */
  String readUntil(String text) throws IOException {
    socket.setSoTimeout(LIMIT_MILLIS);
    while (!soFar().contains(text)) {
      if (!readOne()) {
        throw new IOException("the server closed before '" + text + "', after: " + soFar());
      }
    }
    return soFar();
  }

  /** All that came so far, once the server has been silent for so long or has closed. */
  String readWhatComesWithin(Duration silence) throws IOException {
    socket.setSoTimeout((int) silence.toMillis());
    try {
      while (readOne()) {
        // Each byte is kept.
      }
    } catch (SocketTimeoutException silent) {
      return soFar();
    }
    return soFar();
  }

  /** Reads so many bytes and forgets them. */
  void readAndForget(long bytes) throws IOException {
    socket.setSoTimeout(LIMIT_MILLIS);
    byte[] buffer = new byte[SMALL_BUFFER];
    for (long left = bytes; left > 0; ) {
      int count = socket.getInputStream().read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new IOException("the server closed with " + left + " bytes to go");
      }
      left -= count;
    }
  }

  boolean isOpen() {
    return !ended;
  }

  private boolean readOne() throws IOException {
    int b = socket.getInputStream().read();
    if (b < 0) {
      ended = true;
      return false;
    }
    seen.write(b);
    return true;
  }

  private String soFar() {
    return seen.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
