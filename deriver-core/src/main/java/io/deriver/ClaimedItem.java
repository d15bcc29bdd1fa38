package io.deriver;

import java.time.Instant;

/**
 * An item as a processor meets it.
 *
 * @param id the number that {@code enqueue} answered; larger for later items
 * @param payload the decoded payload
 * @param weight the weight that it was enqueued with
 * @param variant the variant that it was enqueued with, the same for all items of a unit
 * @param enqueuedAt when it was enqueued, by the store's clock
 */
public record ClaimedItem<T>(long id, T payload, int weight, String variant, Instant enqueuedAt) {}
