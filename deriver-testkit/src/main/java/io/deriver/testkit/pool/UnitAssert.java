package io.deriver.testkit.pool;

import io.deriver.testkit.pool.UnitEnd.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a {@link UnitHistory}. All but the first three are about the last end. */
public final class UnitAssert extends AbstractAssert<UnitAssert, UnitHistory> {

  UnitAssert(UnitHistory actual) {
    super(actual, UnitAssert.class);
  }

  /** The ends of the key were these, failed attempts among them. */
  public UnitAssert endedAs(Kind... kinds) {
    List<Kind> were = actual.ends().stream().map(UnitEnd::kind).toList();
    check(were.equals(Arrays.asList(kinds)), "ends %s", Arrays.toString(kinds));
    return this;
  }

  /** No claim of the key has ended. */
  public UnitAssert neverEnded() {
    check(actual.ends().isEmpty(), "no end");
    return this;
  }

  /** Items of the key are neither done nor dead. */
  public UnitAssert isPending() {
    check(actual.pending() > 0, "items that are pending");
    return this;
  }

  /** It is done, and so are all items of its key. */
  public UnitAssert completed() {
    return isOver(Kind.COMPLETED);
  }

  /** Its processor dropped it, and no items of its key are left. */
  public UnitAssert discarded() {
    return isOver(Kind.DISCARDED);
  }

  /** It was set aside, and no items of its key are left. */
  public UnitAssert deadLettered() {
    return isOver(Kind.DEAD_LETTERED);
  }

  /** Its last attempt failed, and it waits to be tried again. */
  public UnitAssert retried() {
    check(last().kind() == Kind.RETRIED && actual.pending() > 0, "the last end RETRIED");
    return this;
  }

  /** Its last claim was given back, the attempt uncounted, and it waits to be claimed again. */
  public UnitAssert released() {
    check(last().kind() == Kind.RELEASED && actual.pending() > 0, "the last end RELEASED");
    return this;
  }

  /** It ended with this attempt: claims that were given back do not count. */
  public UnitAssert tookAttempts(int attempts) {
    check(last().attempt() == attempts, "%d attempts", attempts);
    return this;
  }

  /** {@code failure} or {@code timeout}. */
  public UnitAssert hasCause(String cause) {
    check(last().cause().equals(cause), "the cause '%s'", cause);
    return this;
  }

  /** The error, or the reason that was given, contains this. */
  public UnitAssert errorContains(String text) {
    check(last().error().contains(text), "an error that contains '%s'", text);
    return this;
  }

  /** It ended at this moment of the simulated time. */
  public UnitAssert endedAt(Duration at) {
    check(last().at().equals(at), "an end at %s", at);
    return this;
  }

  private UnitAssert isOver(Kind kind) {
    check(last().kind() == kind && actual.pending() == 0, "the last end %s, no items left", kind);
    return this;
  }

  private UnitEnd last() {
    isNotNull();
    return actual
        .last()
        .orElseThrow(
            () ->
                new AssertionError(
                    "Expected an end, but the unit was:\n  " + actual + hint(actual.pending())));
  }

  private static String hint(int pending) {
    return pending == 0
        ? ""
        : "\nItems are worked only while runUntilIdle(), advance(..) or drain() is called.";
  }

  private void check(boolean holds, String expected, Object... arguments) {
    if (!holds) {
      failWithMessage(
          "Expected %s, but the unit was:\n  %s", expected.formatted(arguments), actual);
    }
  }
}
