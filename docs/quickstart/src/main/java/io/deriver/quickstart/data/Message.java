package io.deriver.quickstart.data;

/**
 * One message of a conversation: the payload of an item.
 *
 * @param number its line in the input, from 1; what the check goes by
 */
public record Message(long number, String at, String speaker, String text) {

  /** As it stands in a prompt, on one line. */
  String line() {
    return speaker + ": " + text.replaceAll("\\s+", " ");
  }
}
