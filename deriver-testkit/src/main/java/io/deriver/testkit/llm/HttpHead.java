package io.deriver.testkit.llm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes what stands before a response's body. */
final class HttpHead {

  private static final String JSON = "application/json; charset=utf-8";
  private static final String EVENTS = "text/event-stream; charset=utf-8";

  private HttpHead() {}

  /** Before a body whose length is known. */
  static String ofLength(int status, int length, @Nullable Duration retryAfter, boolean keepAlive) {
    String more = retryAfter == null ? "" : "Retry-After: " + retryAfter.toSeconds() + "\r\n";
    return head(status, JSON, "Content-Length: " + length + "\r\n" + more, keepAlive);
  }

  /** Before a body in chunks. */
  static String ofChunks(boolean streaming, boolean keepAlive) {
    return head(
        200,
        streaming ? EVENTS : JSON,
        "Transfer-Encoding: chunked\r\nCache-Control: no-cache\r\n",
        keepAlive);
  }

  /** A whole response. */
  static byte[] withBody(
      int status, String body, @Nullable Duration retryAfter, boolean keepAlive) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return (ofLength(status, length, retryAfter, keepAlive) + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String head(int status, String type, String more, boolean keepAlive) {
    return "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n%sConnection: %s\r\n\r\n"
        .formatted(status, reason(status), type, more, keepAlive ? "keep-alive" : "close");
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Status " + status;
    };
  }
}
