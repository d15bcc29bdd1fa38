package io.deriver.testkit.net;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Knows which statement each message of a client is about. The text is in the message that has a
 * statement parsed; one that was prepared before is bound by its name alone.
 */
final class PostgresStatements {

  private static final int HEADER = 5;

  private final Map<String, String> texts = new HashMap<>();

  /** The statement's text and, where it is bound, its parameters; empty for other messages. */
  String textOf(byte[] message) {
    return switch (message[0]) {
      case 'Q' -> string(message, HEADER);
      case 'P' -> parsed(message);
      case 'B' -> bound(message);
      case 'C' -> closed(message);
      default -> "";
    };
  }

  private String parsed(byte[] message) {
    String name = string(message, HEADER);
    String text = string(message, after(message, HEADER));
    texts.put(name, text);
    return text;
  }

  private String bound(byte[] message) {
    int statement = after(message, HEADER);
    int parameters = after(message, statement);
    return texts.getOrDefault(string(message, statement), "")
        + '\n'
        + new String(message, parameters, message.length - parameters, StandardCharsets.UTF_8);
  }

  private String closed(byte[] message) {
    if (message.length > HEADER && message[HEADER] == 'S') {
      texts.remove(string(message, HEADER + 1));
    }
    return "";
  }

  private static String string(byte[] message, int from) {
    return new String(message, from, end(message, from) - from, StandardCharsets.UTF_8);
  }

  private static int after(byte[] message, int from) {
    return Math.min(message.length, end(message, from) + 1);
  }

  private static int end(byte[] message, int from) {
    int end = from;
    while (end < message.length && message[end] != 0) {
      end++;
    }
    return Math.max(from, end);
  }
}
