package io.deriver.jdbc;

import java.time.Instant;
import java.util.List;

/**
 * An item that was set aside, with every error it met.
 *
 * @param id the item's id
 * @param payload the payload as it was enqueued, JSON text
 * @param attempts how many attempts its unit had
 * @param errors oldest first; at most the last hundred
 * @param diedAt when it was set aside, by the database's clock
 */
public record DeadLetter(
    long id,
    String type,
    String key,
    String payload,
    int weight,
    Instant enqueuedAt,
    int attempts,
    List<AttemptError> errors,
    Instant diedAt) {

  public DeadLetter {
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
