package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of a pool all of whose slots met one shape. Immutable.
 *
 * @param played whether it was played; else a note says why not, and the rest says nothing
 * @param slotsBackAfter how long after the last of the calls began all slots were free again
 * @param freed how the threads got free, the worst of them
 * @param abandoned how many threads did not come back within the patience
 * @param findings what is wrong; empty if nothing is
 * @param notes what is worth knowing and not wrong
 */
public record ShapeReport(
    HangShape shape,
    boolean played,
    Duration slotsBackAfter,
    Freed freed,
    int abandoned,
    List<Finding> findings,
    List<String> notes) {

  public ShapeReport {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  static ShapeReport notPlayed(HangShape shape, String why) {
    return new ShapeReport(
        shape, false, Duration.ZERO, Freed.BY_ITSELF, 0, List.of(), List.of("not played: " + why));
  }

  /** Whether the pool recovered and nothing is wrong. */
  public boolean passed() {
    return findings.isEmpty();
  }

  /** Whether this is wrong with it. */
  public boolean has(Fault fault) {
    return findings.stream().anyMatch(finding -> finding.fault() == fault);
  }

  /** Its line of the table. */
  String row() {
    String verdict =
        passed()
            ? played ? "ok" : "not played"
            : "FAILED: "
                + findings.stream()
                    .map(finding -> finding.fault().words())
                    .collect(Collectors.joining(", "));
    return "%2d  %-36s  %9s  %-18s  %s"
        .formatted(
            shape.number(),
            shape.title(),
            played ? slotsBackAfter.toMillis() + " ms" : "",
            played ? freed.words() + (abandoned > 0 ? " (%d)".formatted(abandoned) : "") : "",
            verdict);
  }

  /** The findings and notes below the table; empty if there are none. */
  String details() {
    StringBuilder text = new StringBuilder();
    String name = "%d %s (%s)".formatted(shape.number(), shape.title(), shape);
    for (Finding finding : findings) {
      text.append("%n%s: %s%n".formatted(name, finding.fault()));
      text.append("  seen: ").append(finding.what()).append(System.lineSeparator());
      text.append("  hint: ").append(finding.hint()).append(System.lineSeparator());
      if (!finding.stack().isEmpty()) {
        text.append("  stack:").append(System.lineSeparator());
        finding
            .stack()
            .lines()
            .forEach(line -> text.append("    ").append(line).append(System.lineSeparator()));
      }
    }
    for (String note : notes) {
      text.append("%n%s: note: %s%n".formatted(name, note));
    }
    return text.toString();
  }

  /** The line of the table, and the findings and notes. */
  @Override
  public String toString() {
    return RegressionReport.HEAD + row() + System.lineSeparator() + details();
  }
}
