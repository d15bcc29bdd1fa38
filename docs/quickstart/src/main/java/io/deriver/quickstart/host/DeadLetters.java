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

  /**
   * Prints the messages that were set aside, those together that hung in the same place. The calls
   * are counted by the errors and not by the attempt's number: one that comes right behind another
   * that was set aside has one call, which counts as the last attempt.
   */
  public void print() {
    Map<String, List<String>> byPlace = new LinkedHashMap<>();
    for (DeadLetter letter : all()) {
      DeadLetter.AttemptError last = letter.errors().get(letter.errors().size() - 1);
      byPlace
          .computeIfAbsent(place(last.error()), place -> new ArrayList<>())
          .add(
              "    %s, item %d: calls that hung: %d, the last ended by %s"
                  .formatted(letter.key(), letter.id(), letter.errors().size(), last.cause()));
    }
    byPlace.forEach(
        (place, letters) -> System.out.printf("%s%n%s%n", String.join("\n", letters), place));
  }

  private List<DeadLetter> all() {
    List<DeadLetter> letters = new ArrayList<>();
    long after = 0;
    List<DeadLetter> page;
    do {
      page = queue.deadLetters(SummaryProcessor.TYPE.name(), after, PAGE);
      for (DeadLetter letter : page) {
        letters.add(letter);
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
