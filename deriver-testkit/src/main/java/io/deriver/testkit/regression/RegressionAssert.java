package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a {@link RegressionReport}. The message of each is the whole report. */
public final class RegressionAssert extends AbstractAssert<RegressionAssert, RegressionReport> {

  RegressionAssert(RegressionReport actual) {
    super(actual, RegressionAssert.class);
  }

  /** The pool recovered in every shape that was played, and nothing else is wrong in any. */
  public RegressionAssert recoversInEveryShape() {
    isNotNull();
    if (!actual.failed().isEmpty()) {
      failWithMessage(
          "%s",
          "Expected the pool to recover in every shape, but in %d of %d something is wrong:%n%n%s"
              .formatted(actual.failed().size(), actual.shapes().size(), actual));
    }
    return this;
  }

  /** The threads that met this shape got free so, all of them or the worst. */
  public RegressionAssert freed(HangShape shape, Freed freed) {
    isNotNull();
    ShapeReport report = actual.shape(shape);
    if (!report.played() || report.freed() != freed) {
      failWithMessage(
          "%s",
          "Expected the threads in %s to get free '%s', but:%n%n%s"
              .formatted(shape, freed.words(), report));
    }
    return this;
  }

  /** This is wrong in this shape; for tests of a processor that is known to be bad. */
  public RegressionAssert finds(HangShape shape, Fault fault) {
    isNotNull();
    ShapeReport report = actual.shape(shape);
    if (!report.has(fault)) {
      failWithMessage("%s", "Expected %s in %s, but:%n%n%s".formatted(fault, shape, report));
    }
    return this;
  }
}
