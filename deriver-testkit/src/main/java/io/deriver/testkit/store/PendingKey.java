package io.deriver.testkit.store;

import java.time.Instant;

/**
 * A key with items that are neither done nor dead.
 *
 * @param items how many
 * @param claimed whether it is being worked
 * @param claimableAt from when on it can be claimed, by the store's clock; past for one that is or
 *     could be
 */
public record PendingKey(
    String type, String key, int items, boolean claimed, Instant claimableAt) {}
