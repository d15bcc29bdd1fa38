package io.deriver.testkit.llm;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 requests off a socket, one after the other. */
final class HttpCallReader {

  static final int MAX_HEAD = 64 * 1024;
  static final int MAX_BODY = 64 * 1024 * 1024;

  private final InputStream in;
  private final OutputStream out;
  private int headLeft;

  HttpCallReader(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** The next request; null if the client has closed the connection instead. */
  @Nullable HttpCall next() throws IOException {
    headLeft = MAX_HEAD;
    String start = line();
    if (start == null) {
      return null;
    }
    String[] words = start.split(" ", -1);
    if (words.length != 3 || !words[2].equals("HTTP/1.1")) {
      throw new BadCallException(400, "not a line to begin HTTP/1.1 with: " + start);
    }
    Map<String, String> headers = headers();
    if (headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return new HttpCall(
        words[0], words[1], headers, new String(body(headers), StandardCharsets.UTF_8));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = lineOrEof(); !line.isEmpty(); line = lineOrEof()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new BadCallException(400, "not a header: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    return exactly(number(headers.getOrDefault("content-length", "0"), 10));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      checkSize((long) body.size() + size);
      body.write(exactly(size));
      lineOrEof();
    }
    while (!lineOrEof().isEmpty()) {
      // Trailers say nothing that a fake needs.
    }
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    headLeft = MAX_HEAD;
    String line = lineOrEof();
    int extension = line.indexOf(';');
    return number(extension < 0 ? line : line.substring(0, extension), 16);
  }

  private static int number(String text, int radix) {
    long size;
    try {
      size = Long.parseLong(text.strip(), radix);
    } catch (NumberFormatException e) {
      throw new BadCallException(400, "not a length: " + text);
    }
    checkSize(size);
    return (int) size;
  }

  private static void checkSize(long size) {
    if (size < 0 || size > MAX_BODY) {
      throw new BadCallException(413, "a body of %d bytes; at most %d".formatted(size, MAX_BODY));
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the client left in the middle of a body");
    }
    return bytes;
  }

  private String lineOrEof() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException("the client left in the middle of a request");
    }
    return line;
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (--headLeft < 0) {
        throw new BadCallException(431, "a head of more than " + MAX_HEAD + " bytes");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
