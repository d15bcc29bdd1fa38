package io.deriver.testkit;

import io.deriver.testkit.net.LoopbackTls;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A client on one blocking socket, which is what most SDKs come down to. It reads a stream until
 * its body ends, as the client of the outage did, and keeps nothing of it. Over https it trusts the
 * testkit's own certificate.
 */
public final class PlainClient implements Closeable {

  /**
   * What came.
   *
   * @param pieces how many pieces of content
   * @param complete whether the end marker came
   */
  public record Streamed(long pieces, boolean complete) {}

  /** Where the head has the status. */
  public static final String STATUS = ":status";

  private final InetSocketAddress server;
  private final boolean tls;
  private final Socket socket = new Socket();
  private Socket spoken = socket;
  private BufferedReader in = new BufferedReader(InputStreamReader.nullReader());

  public PlainClient(String baseUrl) {
    URI base = URI.create(baseUrl);
    server = new InetSocketAddress(base.getHost(), base.getPort());
    tls = base.getScheme().equals("https");
  }

  public void connect() throws IOException {
    socket.connect(server);
    if (tls) {
      SSLSocketFactory trusting = LoopbackTls.shared().clientContext().getSocketFactory();
      SSLSocket secure =
          (SSLSocket) trusting.createSocket(socket, server.getHostString(), server.getPort(), true);
      secure.startHandshake();
      spoken = secure;
    }
    in = new BufferedReader(new InputStreamReader(spoken.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Asks for a stream and reads it to the end of its body. */
  public Streamed stream(String prompt, Runnable onContent) throws IOException {
    askForStream(prompt);
    readHead();
    long pieces = 0;
    boolean complete = false;
    for (String line = line(); !line.equals("0"); line = line()) {
      if (line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
        pieces++;
        onContent.run();
      }
      complete |= line.equals("data: [DONE]");
    }
    line();
    return new Streamed(pieces, complete);
  }

  /** Asks for a stream and reads nothing. */
  public void askForStream(String prompt) throws IOException {
    send(prompt, true);
  }

  /** Asks for an answer in one piece; the connection can be used again. */
  public Map<String, String> ask(String prompt) throws IOException {
    send(prompt, false);
    Map<String, String> head = readHead();
    int length = Integer.parseInt(head.getOrDefault("content-length", "0"));
    for (int read = 0; read < length; read++) {
      if (in.read() < 0) {
        throw new EOFException("the body ended early");
      }
    }
    return head;
  }

  private void send(String prompt, boolean stream) throws IOException {
    String body = body(prompt, stream);
    String call =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(body.length(), body);
    spoken.getOutputStream().write(call.getBytes(StandardCharsets.US_ASCII));
    spoken.getOutputStream().flush();
  }

  public static String body(String prompt, boolean stream) {
    return "{\"model\":\"m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(stream, prompt);
  }

  /** The headers by their names in small letters, and the status. */
  private Map<String, String> readHead() throws IOException {
    Map<String, String> head = new TreeMap<>();
    head.put(STATUS, line().split(" ", 3)[1]);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        head.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
      }
    }
    return head;
  }

  private String line() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new EOFException("the server closed the connection");
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
