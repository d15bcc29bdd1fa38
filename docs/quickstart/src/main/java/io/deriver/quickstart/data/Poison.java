package io.deriver.quickstart.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What makes a call hang: the content of a message. A message in which a certain word is said is
 * poisoned; it carries a mark, so that every call for it hangs, whatever else the call is for, on
 * each attempt and after restarts. By these rules twelve messages are poisoned, in eight
 * conversations.
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

  /** The poisoned messages of the input by their numbers, each with its poison. */
  public static Map<Long, Poison> in(Input input) {
    Map<Long, Poison> poisoned = new LinkedHashMap<>();
    input
        .lines()
        .forEach(
            line ->
                of(line.message())
                    .ifPresent(poison -> poisoned.put(line.message().number(), poison)));
    return poisoned;
  }

  /** The conversations in which there is a poisoned message. */
  public static Set<String> conversations(Input input) {
    return input.lines().stream()
        .filter(line -> of(line.message()).isPresent())
        .map(Input.Line::conversation)
        .collect(Collectors.toSet());
  }

  /** The same input, the poisoned messages marked. */
  public static Input mark(Input input) {
    return new Input(
        input.lines().stream()
            .map(line -> of(line.message()).map(poison -> poison.marked(line)).orElse(line))
            .toList());
  }

  private static Optional<Poison> of(Message message) {
    for (Poison poison : values()) {
      if (poison.said.matcher(message.text()).find()) {
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
