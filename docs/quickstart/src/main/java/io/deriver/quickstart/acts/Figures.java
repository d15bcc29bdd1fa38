package io.deriver.quickstart.acts;

import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.report.Table;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was seen in an act.
 *
 * @param act its name, short
 * @param fed the messages that it was fed
 * @param done of them, those that are summarized
 * @param took how long it was watched
 * @param timeouts how many runs a timeout ended
 * @param reuse from each timeout to the next use of its slot, in words
 * @param abandoned threads that were given up and had not returned at the end
 * @param twice conversations with messages that were summarized twice
 * @param calls the LLM calls of the act
 * @param deadLetters messages that were set aside
 */
public record Figures(
    String act,
    int fed,
    int done,
    Duration took,
    int timeouts,
    String reuse,
    int abandoned,
    int twice,
    Llm.Calls calls,
    int deadLetters) {

  /** All acts side by side. */
  public static Table table(Terms terms, List<Figures> acts) {
    return new Table()
        .row(line("", acts, Figures::act))
        .row(line("T (timeout of a unit)", acts, f -> seconds(terms.timeout())))
        .row(line("slots", acts, f -> "" + terms.slots()))
        .row(line("watched for", acts, f -> seconds(f.took())))
        .row(line("messages summarized, of those fed", acts, f -> f.done() + " of " + f.fed()))
        .row(line("timeouts", acts, f -> "" + f.timeouts()))
        .row(line("timeout to slot's next use, min/median/max", acts, Figures::reuse))
        .row(line("threads abandoned at the end", acts, f -> "" + f.abandoned()))
        .row(line("conversations summarized twice", acts, f -> "" + f.twice()))
        .row(line("LLM calls made", acts, f -> "" + f.calls().made()))
        .row(line("of them, repeated", acts, f -> "" + f.calls().repeated()))
        .row(line("messages set aside as dead letters", acts, f -> "" + f.deadLetters()));
  }

  private static List<String> line(
      String name, List<Figures> acts, Function<Figures, String> cell) {
    return Stream.concat(Stream.of(name), acts.stream().map(cell)).toList();
  }

  /** A duration as people read it. */
  public static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1e3);
  }
}
