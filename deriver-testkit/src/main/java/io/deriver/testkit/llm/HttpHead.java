package io.deriver.testkit.llm;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Writes what stands before a response's body. */
final class HttpHead {

  private static final String JSON = "application/json; charset=utf-8";
  private static final String EVENTS = "text/event-stream; charset=utf-8";

  private HttpHead() {}

  /** Before a body whose length is known. */
  static String ofLength(int status, int length, boolean keepAlive) {
    return head(status, JSON, contentLength(length), keepAlive);
  }

  /** Before a body in chunks. */
  static String ofChunks(boolean streaming, boolean keepAlive) {
    return head(
        200,
        streaming ? EVENTS : JSON,
        "Transfer-Encoding: chunked\r\nCache-Control: no-cache\r\n",
        keepAlive);
  }

  /** A whole answer. */
  static byte[] withBody(String body, boolean keepAlive) {
    return (head(200, JSON, contentLength(body), keepAlive) + body)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A whole refusal of the request of this number, in the dialect's words. */
  static byte[] refusal(Speech speech, Reply.Failure failure, long number, boolean keepAlive) {
    String body = speech.error(failure, number);
    String more = contentLength(body);
    if (speech.requestIdHeader() != null) {
      more += speech.requestIdHeader() + ": req_" + number + "\r\n";
    }
    if (failure.retryAfter() != null) {
      more += "Retry-After: " + wholeSeconds(failure.retryAfter()) + "\r\n";
    }
    return (head(failure.status(), JSON, more, keepAlive) + body).getBytes(StandardCharsets.UTF_8);
  }

  /** Rounded up: who comes back at that moment must not be too early. */
  private static long wholeSeconds(Duration duration) {
    return duration.getSeconds() + (duration.getNano() > 0 ? 1 : 0);
  }

  private static String contentLength(String body) {
    return contentLength(body.getBytes(StandardCharsets.UTF_8).length);
  }

  private static String contentLength(int length) {
    return "Content-Length: " + length + "\r\n";
  }

  private static String head(int status, String type, String more, boolean keepAlive) {
    return "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n%sConnection: %s\r\n\r\n"
        .formatted(status, reason(status), type, more, keepAlive ? "keep-alive" : "close");
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 402 -> "Payment Required";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 413 -> "Payload Too Large";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 529 -> "Overloaded";
      default -> "Status " + status;
    };
  }
}
