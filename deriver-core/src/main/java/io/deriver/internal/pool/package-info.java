/**
 * The rooms of a pool, one for each duty, wired in {@link io.deriver.internal.pool.Rooms}. A duty
 * is a {@link io.deriver.internal.pool.Duty.Pass}: those who implement it are the list of what a
 * pool does, and a {@link io.deriver.internal.pool.Sentinel.Watch} is what the sentinel looks for.
 * What begins with Run belongs to one run; the rest is what the rooms share, and no room reaches
 * into another.
 */
@NullMarked
package io.deriver.internal.pool;

import org.jspecify.annotations.NullMarked;
