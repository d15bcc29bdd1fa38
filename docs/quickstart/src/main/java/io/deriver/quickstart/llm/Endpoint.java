package io.deriver.quickstart.llm;

import org.jspecify.annotations.Nullable;

/**
 * Where the LLM is.
 *
 * @param baseUrl null for the SDK's own default
 */
public record Endpoint(@Nullable String baseUrl, String apiKey, String model) {

  @Override
  public String toString() {
    return model + (baseUrl == null ? "" : " at " + baseUrl);
  }
}
