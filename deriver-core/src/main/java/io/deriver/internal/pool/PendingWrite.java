package io.deriver.internal.pool;

import io.deriver.spi.OutcomeWrite;

/**
 * A write on its way to the store.
 *
 * @param lateAfter when, on the pool's clock, the claim can no longer be ours
 * @param inDoubt whether an earlier try failed without an answer, so that it may have taken effect
 */
record PendingWrite(OutcomeWrite write, Ending ending, long lateAfter, boolean inDoubt) {

  PendingWrite doubted() {
    return inDoubt ? this : new PendingWrite(write, ending, lateAfter, true);
  }

  long fence() {
    return write.claim().fence();
  }
}
