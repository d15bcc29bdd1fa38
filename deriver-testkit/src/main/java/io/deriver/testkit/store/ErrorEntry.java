package io.deriver.testkit.store;

import java.time.Instant;

/**
 * One error in the history of a unit.
 *
 * @param at when it was written, by the store's clock
 * @param attempt the attempt that ended so
 * @param cause {@code failure}, {@code timeout}, {@code crash} or {@code guard}
 * @param node the node that held the claim
 * @param error what went wrong, cleaned and cut
 */
public record ErrorEntry(Instant at, int attempt, String cause, String node, String error) {}
