package io.deriver.quickstart.data;

/**
 * One message of a conversation: the payload of an item.
 *
 * @param number its line in the input, from 1; what the check goes by
 */
public record Message(long number, String at, String speaker, String text) {

  private static final int CHARACTERS_A_TOKEN = 4;

  /**
   * About how many LLM tokens it takes in a prompt: a token for every four characters, as is usual
   * for English text. An estimate; the tokenizer of the model would know better.
   */
  public int tokens() {
    return (line().length() + CHARACTERS_A_TOKEN - 1) / CHARACTERS_A_TOKEN;
  }

  /** As it stands in a prompt, on one line. */
  String line() {
    return speaker + ": " + text.replaceAll("\\s+", " ");
  }
}
