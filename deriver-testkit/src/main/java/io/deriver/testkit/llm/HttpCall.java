package io.deriver.testkit.llm;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request as it came, read in full.
 *
 * @param method as it stood in the request line
 * @param target path and query as they stood in the request line
 * @param headers by lower-case name, the last one of each name; cannot be changed
 * @param body decoded from UTF-8
 */
public record HttpCall(String method, String target, Map<String, String> headers, String body) {

  public HttpCall {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(target, "target");
    headers = Map.copyOf(headers);
    Objects.requireNonNull(body, "body");
  }

  /** What stands before the query. */
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /** What stands behind the question mark, as it was sent; empty if there is none. */
  public String query() {
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  /** The header's value, by its name in any case of letters; null if it was not sent. */
  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  /** Whether the connection may carry another call after this one. */
  boolean keepsAlive() {
    return !headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
  }

  /** Method and path only: a query or a header may hold a key, and a body is long. */
  @Override
  public String toString() {
    return method + " " + path();
  }
}
