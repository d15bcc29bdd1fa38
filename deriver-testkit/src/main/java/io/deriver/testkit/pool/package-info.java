/**
 * Tests of processors and of what a host does with a pool, without sleeping.
 *
 * <p>{@link io.deriver.testkit.pool.TestRun} and {@link io.deriver.testkit.pool.TestUnits} for a
 * processor alone; {@link io.deriver.testkit.pool.PoolTester} for a processor on a real pool whose
 * time the test owns; {@link io.deriver.testkit.pool.UnitEnds} to wait for a unit's end on any
 * pool, that on Postgres too; {@link io.deriver.testkit.pool.EnqueuedItems} for what host code
 * enqueues. They need no test framework; assertions are AssertJ's.
 */
@NullMarked
package io.deriver.testkit.pool;

import org.jspecify.annotations.NullMarked;
