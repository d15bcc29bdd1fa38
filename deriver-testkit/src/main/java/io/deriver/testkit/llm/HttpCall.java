package io.deriver.testkit.llm;

import java.util.Locale;
import java.util.Map;

/**
 * One HTTP request, read in full.
 *
 * @param target path and query as they stood in the request line
 * @param headers by lower-case name
 */
record HttpCall(String method, String target, Map<String, String> headers, String body) {

  String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  String query() {
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  /** Whether the connection may carry another call after this one. */
  boolean keepsAlive() {
    return !headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
  }
}
