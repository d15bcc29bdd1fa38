package io.deriver.benchmarks.compare;

import io.deriver.benchmarks.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The command that {@code docs/benchmarks/compare} ends with. */
public final class Compare {

  private static final int WORSE = 1;
  private static final int NOT_COMPARED = 2;

  private Compare() {}

  /**
   * Prints ratios, and ends with 1 if one is worse than allowed, with 2 if they cannot be compared.
   *
   * @param args the folder of today's results, that of then's, by how many percent speed may be
   *     worse, and by how many counts
   */
  public static void main(String[] args) throws IOException {
    System.exit(compared(args));
  }

  private static int compared(String[] args) throws IOException {
    try {
      Margins margins = new Margins(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
      Comparison comparison =
          Comparison.of(Results.read(Path.of(args[0])), Results.read(Path.of(args[1])));
      System.out.println(told(comparison, margins));
      return code(comparison, margins);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return NOT_COMPARED;
    }
  }

  static int code(Comparison comparison, Margins margins) {
    if (comparison.ratios().isEmpty()) {
      return NOT_COMPARED;
    }
    return comparison.worse(margins).isEmpty() ? 0 : WORSE;
  }

  /** For people to read. */
  static String told(Comparison comparison, Margins margins) {
    Table table = new Table(List.of("today of then", "median", "least, most", ""));
    List<Subject> worse = comparison.worse(margins);
    comparison
        .ratios()
        .forEach(
            (subject, ratios) ->
                table.row(
                    List.of(
                        subject.toString(),
                        ratio(ratios.median()),
                        ratio(ratios.min()) + ", " + ratio(ratios.max()),
                        worse.contains(subject) ? "WORSE" : "")));
    StringBuilder text = new StringBuilder(table.toString());
    comparison
        .notCompared()
        .forEach(subject -> text.append("not compared: ").append(subject).append('\n'));
    text.append(
        "%d of %d worse; allowed are %d %% in speed and %d %% in counts"
            .formatted(
                worse.size(), comparison.ratios().size(), margins.speed(), margins.counts()));
    return text.toString();
  }

  private static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }
}
