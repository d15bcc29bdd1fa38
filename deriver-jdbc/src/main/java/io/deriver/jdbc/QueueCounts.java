package io.deriver.jdbc;

/**
 * How much there is, at one moment, units and items apart. A unit is made when it is claimed; what
 * waits is counted by key.
 *
 * @param pendingKeys keys with items that have not ended, running or not
 * @param pendingItems items that have not ended
 * @param runningUnits claimed units
 * @param runningItems the items of those
 * @param notDueKeys of the pending keys, those that back off or whose first item is not yet due
 * @param notDueItems the items of those
 * @param probationKeys keys whose last attempt timed out
 * @param suspectKeys keys whose last claim ended with its process
 * @param deadItems dead letters
 */
public record QueueCounts(
    long pendingKeys,
    long pendingItems,
    long runningUnits,
    long runningItems,
    long notDueKeys,
    long notDueItems,
    long probationKeys,
    long suspectKeys,
    long deadItems) {}
