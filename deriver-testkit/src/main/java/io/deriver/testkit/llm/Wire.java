package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** How one dialect is spoken: pure functions from requests to text, no I/O. */
interface Wire {

  List<Wire> ALL = List.of(new OpenAiWire(), new AnthropicWire(), new GeminiWire());

  Dialect dialect();

  boolean serves(HttpCall call);

  /**
   * What the call asks for.
   *
   * @throws BadCallException if the dialect does not allow it
   */
  Asked read(HttpCall call, JsonNode body);

  /** The body of an answer in one piece. */
  String plain(LlmRequest request, String text);

  /** What a stream begins with before its first content; may be empty. */
  String opening(LlmRequest request);

  /** One event of a stream, with some content. */
  String delta(LlmRequest request, String piece);

  /** What ends a complete stream, end marker included. */
  String ending(LlmRequest request, String text);

  /** What a client has to skip. */
  String keepAlive();

  /** The body of an error. */
  String error(int status, String message);

  /** What a client asked for, in the words common to all dialects. */
  record Asked(String model, boolean streaming, List<LlmMessage> messages) {}
}
