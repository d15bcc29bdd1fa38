package io.deriver.testkit.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A model's call of a tool that the client has offered.
 *
 * @param name the tool's
 * @param arguments JSON text: an object, if the server sends it; as the client wrote it, if it is
 *     from a request
 */
public record ToolCall(String name, String arguments) {

  private static final int FRAGMENT = 8;

  public ToolCall {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(arguments, "arguments");
  }

  /** The arguments in the pieces in which they are streamed, none of which is JSON by itself. */
  List<String> fragments() {
    List<String> fragments = new ArrayList<>();
    for (int from = 0; from < arguments.length(); ) {
      int to = Math.min(from + FRAGMENT, arguments.length());
      if (Character.isHighSurrogate(arguments.charAt(to - 1)) && to < arguments.length()) {
        to++;
      }
      fragments.add(arguments.substring(from, to));
      from = to;
    }
    return fragments;
  }
}
