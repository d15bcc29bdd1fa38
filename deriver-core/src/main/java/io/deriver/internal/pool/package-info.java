/**
 * The rooms of a pool, one for each duty, wired in {@link io.deriver.internal.pool.Rooms}. A duty
 * is a {@link io.deriver.internal.pool.Duty.Pass}: those who implement it are the list of what a
 * pool does, and a {@link io.deriver.internal.pool.Sentinel.Watch} is what the sentinel looks for.
 * The rest is what the rooms share, and no room reaches into another. To be read in this order:
 *
 * <ul>
 *   <li>what a run is: Run, RunEnd, RunBody, RunThreads, StageRuns, ApplyStep, Gates, GatePass;
 *   <li>how it ends: Runs, Watchdog, Canceller, CancelHooks, Closers, RunReturn, AbandonedRuns;
 *   <li>what that means: Endings, Ending, ItemEndings, Blame, Breakers, TypePauses;
 *   <li>how it is written: Outcomes, OutcomeWriter, PendingWrite;
 *   <li>where it comes from: Dispatcher, Capacity, Burst, ClaimedAhead, ClaimCalls, LeaseKeeper,
 *       LeaseProof, Reaper;
 *   <li>what is told: Events, EventLog, HealthReport, StackSampler, Sentinel and its watches;
 *   <li>and the whole: Duty, Rooms, Drain, Engine.
 * </ul>
 */
@NullMarked
package io.deriver.internal.pool;

import org.jspecify.annotations.NullMarked;
