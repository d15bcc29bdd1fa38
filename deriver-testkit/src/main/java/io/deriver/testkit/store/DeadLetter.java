package io.deriver.testkit.store;

import io.deriver.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An item set aside.
 *
 * @param id the item's id
 * @param payload the payload as it was enqueued, JSON text
 * @param diedAt when it was set aside, by the store's clock
 * @param attempts how many attempts were counted
 * @param ended how many of its key's claims ended how, since one was last done: {@code failure},
 *     {@code timeout}, {@code crash}, {@code guard}, {@code released}; the last did not count
 * @param errors every error that its unit met, oldest first; never empty
 */
public record DeadLetter(
    long id,
    String type,
    String key,
    String payload,
    int weight,
    String variant,
    Priority priority,
    Instant enqueuedAt,
    Instant diedAt,
    int attempts,
    Map<String, Integer> ended,
    List<ErrorEntry> errors) {

  public DeadLetter {
    ended = Map.copyOf(ended);
    errors = List.copyOf(errors);
  }
}
