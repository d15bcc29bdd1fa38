package io.deriver.quickstart.acts;

import static io.deriver.quickstart.acts.Figures.seconds;

import io.deriver.Cut;
import io.deriver.quickstart.host.SummaryService;
import io.deriver.quickstart.host.Units;
import io.deriver.quickstart.llm.Llm;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What batches saved against one call a message.
 *
 * @param messages the messages that ended
 * @param calls the LLM calls for them: those that hung, too, and those that were asked again
 * @param byCut how many units each cap kept from holding more
 */
public record Savings(int messages, int calls, Map<Cut, Integer> byCut) {

  /**
   * What was saved by these units. A real LLM does not say how many calls it has had; then each
   * unit counts as one.
   */
  static Savings of(int messages, Units.Count units, Llm.Calls calls) {
    return new Savings(messages, Math.max(units.units(), calls.made()), units.byCut());
  }

  /**
   * How many calls fewer than messages there were. A pool that calls for each message makes a call
   * for each at least, and more for those that hang; they are not reckoned.
   */
  public int saved() {
    return messages - calls;
  }

  /** The same in words. */
  @Override
  public String toString() {
    return """
        Batches of at most %d tokens, gathered up to %d tokens or for %s: %d LLM calls for %d messages,
        those that hung included. One call a message is %d at least: %d saved, %.0f %%.
        What kept the units from holding more: %s."""
        .formatted(
            SummaryService.MAX_TOKENS,
            SummaryService.WORTH_A_CALL,
            seconds(SummaryService.GATHER_AT_MOST),
            calls,
            messages,
            messages,
            saved(),
            100.0 * saved() / Math.max(1, messages),
            cuts());
  }

  private String cuts() {
    return byCut.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(cut -> words(cut.getKey()) + " " + cut.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String words(Cut cut) {
    return switch (cut) {
      case NOTHING -> "no more messages";
      case MAX_ITEMS -> "maxItems";
      case MAX_BYTES -> "maxBytes";
      case MAX_WEIGHT -> "maxWeight";
      case VARIANT -> "another variant";
      case NOT_DUE -> "not yet due";
      case SHRUNK -> "smaller after a timeout";
    };
  }
}
