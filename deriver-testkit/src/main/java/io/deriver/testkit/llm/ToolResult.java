package io.deriver.testkit.llm;

import java.util.Objects;

/**
 * What a client says that a tool has returned.
 *
 * @param tool the tool's name; where a dialect tells only the call's id, the name in the call of
 *     that id in the same request, or the id if there is none
 * @param content its text; for Gemini the JSON text of the response object
 */
public record ToolResult(String tool, String content) {

  public ToolResult {
    Objects.requireNonNull(tool, "tool");
    Objects.requireNonNull(content, "content");
  }
}
