package io.deriver.quickstart.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What makes a conversation hang: its content. A conversation in which a certain word is said is
 * poisoned; all its messages carry a mark from then on, so that every call for any part of it
 * hangs, on each attempt and after restarts. By these rules four conversations are poisoned in each
 * way.
 */
public enum Poison {
  /** The call lets go when it is cancelled (by OkHttp's {@code Call.cancel()}). */
  LETS_GO("mplayer", "in a way that lets go when cancelled"),
  /** The call ignores everything: interrupts, and being cancelled. */
  IGNORES_EVERYTHING("firefox", "in a way that ignores everything");

  private final String word;
  private final String description;
  private final Pattern said;

  Poison(String word, String description) {
    this.word = word;
    this.description = description;
    this.said = Pattern.compile("\\b" + word + "\\b", Pattern.CASE_INSENSITIVE);
  }

  /** The word that poisons. */
  public String word() {
    return word;
  }

  /** How its calls hang, in words. */
  public String description() {
    return description;
  }

  /** What stands in the prompt of every call that is to hang this way. */
  public String mark() {
    return "[poisoned by " + word + "]";
  }

  /** The poisoned conversations of the input, each with its poison. */
  public static Map<String, Poison> in(Input input) {
    Map<String, Poison> poisoned = new LinkedHashMap<>();
    input
        .conversations()
        .forEach((key, messages) -> of(messages).ifPresent(poison -> poisoned.put(key, poison)));
    return poisoned;
  }

  /** The same input, each message of a poisoned conversation marked. */
  public static Input mark(Input input) {
    Map<String, Poison> poisoned = in(input);
    return new Input(
        input.lines().stream()
            .map(
                line -> {
                  Poison poison = poisoned.get(line.conversation());
                  return poison == null ? line : poison.marked(line);
                })
            .toList());
  }

  private static Optional<Poison> of(List<Message> messages) {
    for (Poison poison : values()) {
      if (messages.stream().anyMatch(message -> poison.said.matcher(message.text()).find())) {
        return Optional.of(poison);
      }
    }
    return Optional.empty();
  }

  private Input.Line marked(Input.Line line) {
    Message said = line.message();
    return new Input.Line(
        line.conversation(),
        new Message(said.number(), said.at(), said.speaker(), said.text() + " " + mark()));
  }
}
