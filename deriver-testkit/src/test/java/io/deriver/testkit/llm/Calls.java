package io.deriver.testkit.llm;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;

/** Requests as the providers document them, written by hand. */
final class Calls {

  static final String MODEL = "some-model";

  private Calls() {}

  static HttpRequest post(FakeLlmServer server, Dialect dialect, boolean streaming, String prompt) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + path(dialect, streaming)))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body(dialect, streaming, prompt)))
        .build();
  }

  /** The same call as bytes for a raw socket. */
  static byte[] raw(Dialect dialect, boolean streaming, String prompt) {
    byte[] body = body(dialect, streaming, prompt).getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
            .formatted(path(dialect, streaming), body.length);
    return (head + new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
  }

  static String path(Dialect dialect, boolean streaming) {
    return switch (dialect) {
      case OPENAI -> "/v1/chat/completions";
      case ANTHROPIC -> "/v1/messages";
      case GEMINI ->
          "/v1beta/models/"
              + MODEL
              + (streaming ? ":streamGenerateContent?alt=sse" : ":generateContent");
    };
  }

  static String body(Dialect dialect, boolean streaming, String prompt) {
    String text = Json.quote(prompt);
    return switch (dialect) {
      case OPENAI ->
          """
          {"model":"%s","stream":%s,"messages":[
            {"role":"system","content":"Be brief."},
            {"role":"user","content":[{"type":"text","text":%s}]}]}
          """
              .formatted(MODEL, streaming, text);
      case ANTHROPIC ->
          """
          {"model":"%s","max_tokens":100,"stream":%s,"system":"Be brief.",
           "messages":[{"role":"user","content":%s}]}
          """
              .formatted(MODEL, streaming, text);
      case GEMINI ->
          """
          {"systemInstruction":{"parts":[{"text":"Be brief."}]},
           "contents":[{"role":"user","parts":[{"text":%s}]}]}
          """
              .formatted(text);
    };
  }
}
