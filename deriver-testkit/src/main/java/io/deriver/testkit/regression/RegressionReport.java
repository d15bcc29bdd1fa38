package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;
import java.util.List;
import java.util.NoSuchElementException;
import org.assertj.core.api.AssertProvider;

/**
 * What became of a pool in every shape that was played. {@link #toString()} is a table, and below
 * it, for each shape with which something is wrong, what was seen, a hint and the stacks.
 *
 * <p>Immutable. AssertJ's own {@code assertThat} takes it, and gives a {@link RegressionAssert}.
 *
 * @param shapes in the order of the catalogue
 */
public record RegressionReport(List<ShapeReport> shapes)
    implements AssertProvider<RegressionAssert> {

  static final String HEAD =
      "%2s  %-36s  %9s  %-18s  %s%n".formatted("#", "shape", "slots", "threads", "verdict");

  public RegressionReport {
    shapes = List.copyOf(shapes);
  }

  /**
   * What became of it in this one.
   *
   * @throws NoSuchElementException if it was left out, or is made in another place
   */
  public ShapeReport shape(HangShape shape) {
    return shapes.stream()
        .filter(report -> report.shape() == shape)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(shape + " is not in the report"));
  }

  /** Those with which something is wrong. */
  public List<ShapeReport> failed() {
    return shapes.stream().filter(report -> !report.passed()).toList();
  }

  @Override
  public RegressionAssert assertThat() {
    return new RegressionAssert(this);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(HEAD);
    shapes.forEach(report -> text.append(report.row()).append(System.lineSeparator()));
    failed().forEach(report -> text.append(report.details()));
    shapes.stream().filter(ShapeReport::passed).forEach(report -> text.append(report.details()));
    return text.toString();
  }
}
