package io.deriver.testkit.pool;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.testkit.store.DeadLetter;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/** Assertions on a {@link PoolTester}: what its store holds, and what it was given. */
public final class PoolTesterAssert extends AbstractAssert<PoolTesterAssert, PoolTester> {

  PoolTesterAssert(PoolTester actual) {
    super(actual, PoolTesterAssert.class);
  }

  /** Nothing was set aside. */
  public PoolTesterAssert hasNoDeadLetters() {
    List<DeadLetter> dead = actual.store().deadLetters();
    if (!dead.isEmpty()) {
      failWithMessage("Expected no dead letters, but there are %d:\n  %s", dead.size(), dead);
    }
    return this;
  }

  /** Every item is done or dead. */
  public PoolTesterAssert hasNothingPending() {
    if (actual.store().counts().pendingItems() > 0) {
      failWithMessage("Expected nothing pending, but there is:%n%s", actual.whatIsLeft());
    }
    return this;
  }

  /** Goes on to the oldest dead letter of this key, which must be there. */
  public DeadLetterAssert deadLetter(ItemType<?> type, String key) {
    List<DeadLetter> dead = actual.store().deadLetters();
    return dead.stream()
        .filter(letter -> letter.type().equals(type.name()) && letter.key().equals(key))
        .findFirst()
        .map(DeadLetterAssert::new)
        .orElseThrow(
            () ->
                new AssertionError(
                    "Expected a dead letter of type=%s key=%s, but there are these: %s; the unit:\n  %s"
                        .formatted(type, key, dead, actual.unit(type, key))));
  }

  /** Goes on to what became of this key. */
  public UnitAssert unit(ItemType<?> type, String key) {
    return actual.unit(type, key).assertThat();
  }

  /** Goes on to the items of this type that were enqueued by the tester, in their order. */
  public <T> ListAssert<Item<T>> enqueued(ItemType<T> type) {
    return Assertions.assertThat(actual.enqueued(type));
  }
}
