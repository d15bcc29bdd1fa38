package io.deriver.testkit.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Says lines, and waits for the answers. */
final class LineClient implements AutoCloseable {

  private static final int GENEROUS_MILLIS = 20_000;
  private static final int MOMENT_MILLIS = 50;

  private final Socket socket;
  private final BufferedReader in;

  LineClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  void say(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The answer to this line, as {@link #hear()} has it. */
  String ask(String line) throws IOException {
    say(line);
    return hear();
  }

  /** The next line; "(end)" when the connection has ended. */
  String hear() throws IOException {
    socket.setSoTimeout(GENEROUS_MILLIS);
    try {
      String line = in.readLine();
      return line == null ? "(end)" : line;
    } catch (SocketException reset) {
      return "(end)";
    }
  }

  /** Whether nothing comes for a moment. */
  boolean hearsNothing() throws IOException {
    socket.setSoTimeout(MOMENT_MILLIS);
    try {
      in.mark(1);
      return in.read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException nothing) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
