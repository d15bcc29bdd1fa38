package io.deriver.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** How one dialect asks: pure functions from HTTP calls to what they mean, no I/O. */
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

  /** How the same dialect answers. */
  Speech speech();

  /** What a client asked for, in the words common to all dialects. */
  record Asked(String model, boolean streaming, List<LlmMessage> messages, List<String> tools) {}
}
