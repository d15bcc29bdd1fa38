package io.deriver.testkit.pool;

import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AssertProvider;

/**
 * What became of a key so far. AssertJ's own {@code assertThat} takes it, and gives a {@link
 * UnitAssert}.
 *
 * @param ends in their order; failed attempts among them
 * @param pending how many of its items are neither done nor dead
 */
public record UnitHistory(String type, String key, List<UnitEnd> ends, int pending)
    implements AssertProvider<UnitAssert> {

  public UnitHistory {
    ends = List.copyOf(ends);
  }

  /** The last end; empty if there was none. */
  public Optional<UnitEnd> last() {
    return ends.isEmpty() ? Optional.empty() : Optional.of(ends.get(ends.size() - 1));
  }

  @Override
  public UnitAssert assertThat() {
    return new UnitAssert(this);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("type=%s key=%s, %d items pending".formatted(type, key, pending));
    if (ends.isEmpty()) {
      text.append(", never ended");
    }
    ends.forEach(end -> text.append("\n  ").append(end));
    return text.toString();
  }
}
