package io.deriver.testkit.llm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** The little JSON that the dialects share. */
final class Json {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  static JsonNode object(String body) {
    JsonNode node;
    try {
      node = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new BadCallException(400, "the body is not JSON: " + e.getOriginalMessage());
    }
    if (!node.isObject()) {
      throw new BadCallException(400, "the body is not a JSON object");
    }
    return node;
  }

  static boolean isObject(String text) {
    try {
      return MAPPER.readTree(text).isObject();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** The text as a JSON string, quotes included. */
  static String quote(String text) {
    try {
      return MAPPER.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a text that JSON cannot hold", e);
    }
  }

  /** The text of a content: a string, a text part, or several joined by line ends. */
  static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    if (content.isArray()) {
      List<String> texts = new ArrayList<>();
      for (JsonNode part : content) {
        if (part.isTextual() || part.path("text").isTextual()) {
          texts.add(text(part));
        }
      }
      return String.join("\n", texts);
    }
    return content.path("text").asText("");
  }

  /** The field's array, which must be there and hold something. */
  static JsonNode filledArray(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isArray() || value.isEmpty()) {
      throw new BadCallException(400, field + ": a list of at least one is required");
    }
    return value;
  }

  /** The member under the first of its two names that is there: in JSON, protobuf takes both. */
  static JsonNode either(JsonNode object, String camelCase, String snakeCase) {
    return object.has(camelCase) ? object.path(camelCase) : object.path(snakeCase);
  }

  static String requiredText(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw new BadCallException(400, field + ": required");
    }
    return value.textValue();
  }

  /** The fakes' measure of tokens: words. */
  static int tokens(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+").length;
  }
}
