package io.deriver.quickstart.host;

import io.deriver.jdbc.DeadLetter;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.quickstart.report.Stacks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What deriver set aside, for an operator's eyes. */
public final class DeadLetters {

  private static final int PAGE = 100;

  private final PostgresQueue queue;

  /** The dead letters of this queue. */
  public DeadLetters(PostgresQueue queue) {
    this.queue = queue;
  }

  /** Prints the conversations that were set aside, those together that hung in the same place. */
  public void print() {
    Map<String, List<String>> byPlace = new LinkedHashMap<>();
    byConversation()
        .forEach(
            (conversation, letters) -> {
              DeadLetter letter = letters.get(0);
              DeadLetter.AttemptError last = letter.errors().get(letter.errors().size() - 1);
              byPlace
                  .computeIfAbsent(place(last.error()), place -> new ArrayList<>())
                  .add(
                      "    %s: %d messages, %d attempts, the last ended by %s"
                          .formatted(
                              conversation, letters.size(), letter.attempts(), last.cause()));
            });
    byPlace.forEach(
        (place, conversations) ->
            System.out.printf("%s%n%s%n", String.join("\n", conversations), place));
  }

  private Map<String, List<DeadLetter>> byConversation() {
    Map<String, List<DeadLetter>> letters = new LinkedHashMap<>();
    long after = 0;
    List<DeadLetter> page;
    do {
      page = queue.deadLetters(SummaryProcessor.TYPE.name(), after, PAGE);
      for (DeadLetter letter : page) {
        letters.computeIfAbsent(letter.key(), key -> new ArrayList<>()).add(letter);
        after = letter.id();
      }
    } while (page.size() == PAGE);
    return letters;
  }

  private static String place(String error) {
    return Stacks.condensed(
        error
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("at "))
            .map(line -> line.substring("at ".length()))
            .toList());
  }
}
