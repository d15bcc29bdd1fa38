package io.deriver;

/**
 * How much work of one type a pool has done since it was started, and how much of it is to be done
 * once more: what a provider is paid for, and why. See {@link Pool#work}.
 *
 * <p>What holds: every run of this pool is counted, none twice. What does not: the numbers are read
 * one after another, so that together they may be off by what happens meanwhile; and outcomes are
 * counted when the store has taken them, later than the runs that they are of.
 *
 * @param unitsStarted units handed to the processor
 * @param itemsStarted the items in them
 * @param unitsCompleted units of which all items are done
 * @param itemsCompleted items that are done, those of units that ended item by item among them
 * @param itemsDeadLettered items that were set aside
 * @param unitsDiscarded units that the processor dropped
 * @param unitsFailed units with items that are tried again since they failed
 * @param unitsTimedOut units that are tried again since a limit ended their run, or an operator did
 * @param unitsReleased units that come again without having counted: given back by the processor,
 *     by a drain, by a lost lease, or since they never began
 * @param runsEndedByForce runs that were ended by a limit or otherwise from outside: what they had
 *     asked for by then was paid and not used
 * @param outcomesLost outcomes that were not written, or may not have been: the claim was lost
 *     meanwhile, so somebody does the work once more
 */
public record WorkCounts(
    long unitsStarted,
    long itemsStarted,
    long unitsCompleted,
    long itemsCompleted,
    long itemsDeadLettered,
    long unitsDiscarded,
    long unitsFailed,
    long unitsTimedOut,
    long unitsReleased,
    long runsEndedByForce,
    long outcomesLost) {}
