package io.deriver.testkit.store;

import java.time.Instant;
import java.util.List;

/**
 * An item set aside.
 *
 * @param id the item's id
 * @param attempts how many attempts were counted
 * @param errors every error that its unit met, oldest first; never empty
 */
public record DeadLetter(
    long id,
    String type,
    String key,
    String payload,
    int weight,
    Instant enqueuedAt,
    Instant deadAt,
    int attempts,
    List<ErrorEntry> errors) {

  public DeadLetter {
    errors = List.copyOf(errors);
  }
}
