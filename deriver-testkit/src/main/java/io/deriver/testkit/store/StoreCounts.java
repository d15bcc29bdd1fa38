package io.deriver.testkit.store;

/**
 * How much a store holds.
 *
 * @param pendingItems items that are neither done nor dead, claimed ones included
 * @param pendingKeys the (type, key) pairs that they belong to
 * @param claimedKeys how many of those are claimed
 * @param deadLetters items set aside
 */
public record StoreCounts(int pendingItems, int pendingKeys, int claimedKeys, int deadLetters) {}
