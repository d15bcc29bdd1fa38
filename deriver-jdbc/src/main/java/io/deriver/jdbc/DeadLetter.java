package io.deriver.jdbc;

import io.deriver.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * An item that was set aside, with every error it met.
 *
 * @param id the item's id
 * @param payload the payload as it was enqueued, JSON text
 * @param attempts how many attempts its unit had
 * @param ended how many of its key's claims ended how, since one was last done: {@code failure},
 *     {@code timeout}, {@code crash}, {@code guard}, {@code released}; the last did not count
 * @param errors oldest first; at most the last hundred
 * @param diedAt when it was set aside, by the database's clock
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
    int attempts,
    Map<String, Integer> ended,
    List<AttemptError> errors,
    Instant diedAt) {

  public DeadLetter {
    ended = Map.copyOf(ended);
    errors = List.copyOf(errors);
  }

  /**
   * One failed attempt.
   *
   * @param cause {@code failure}, {@code timeout}, {@code crash} or {@code guard}
   * @param node the id of the node that held the claim
   */
  public record AttemptError(Instant at, int attempt, String cause, String node, String error) {}
}
