package io.deriver.quickstart.data;

import java.util.List;
import java.util.stream.Collectors;

/** What the LLM is asked. */
public final class Prompt {

  private Prompt() {}

  /** The prompt for these messages of a conversation. */
  public static String of(String conversation, List<Message> messages) {
    return "Summarize in two sentences what was asked and what was answered.\n"
        + ("Conversation: " + conversation + "\n")
        + messages.stream().map(Message::line).collect(Collectors.joining("\n"));
  }
}
