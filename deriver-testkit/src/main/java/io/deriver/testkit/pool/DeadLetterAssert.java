package io.deriver.testkit.pool;

import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.ErrorEntry;
import org.assertj.core.api.AbstractAssert;

/** Assertions on an item that was set aside. */
public final class DeadLetterAssert extends AbstractAssert<DeadLetterAssert, DeadLetter> {

  DeadLetterAssert(DeadLetter actual) {
    super(actual, DeadLetterAssert.class);
  }

  /** The last error's cause: {@code failure}, {@code timeout}, {@code crash} or {@code guard}. */
  public DeadLetterAssert hasCause(String cause) {
    check(last().cause().equals(cause), "the cause '%s'", cause);
    return this;
  }

  /** The last error contains this. */
  public DeadLetterAssert errorContains(String text) {
    check(last().error().contains(text), "an error that contains '%s'", text);
    return this;
  }

  /** How many attempts were counted. */
  public DeadLetterAssert tookAttempts(int attempts) {
    check(actual.attempts() == attempts, "%d attempts", attempts);
    return this;
  }

  /** The payload's JSON contains this. */
  public DeadLetterAssert payloadContains(String text) {
    check(actual.payload().contains(text), "a payload that contains '%s'", text);
    return this;
  }

  private ErrorEntry last() {
    isNotNull();
    return actual.errors().get(actual.errors().size() - 1);
  }

  private void check(boolean holds, String expected, Object... arguments) {
    if (!holds) {
      failWithMessage(
          "Expected %s, but the dead letter was:\n  %s", expected.formatted(arguments), actual);
    }
  }
}
