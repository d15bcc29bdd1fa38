/**
 * What a pool needs of a store. For those who write one; hosts use a store that exists and meet of
 * this package only what they hand on ({@link io.deriver.spi.WorkStore}, {@link
 * io.deriver.spi.CompletionStep}), what events name ({@link io.deriver.spi.ClaimId}, {@link
 * io.deriver.spi.ClaimEnd.Cause}), {@link io.deriver.spi.StoreException} and, in tests, {@link
 * io.deriver.spi.PoolClock}.
 */
@NullMarked
package io.deriver.spi;

import org.jspecify.annotations.NullMarked;
