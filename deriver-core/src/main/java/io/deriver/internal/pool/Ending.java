package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.WriteAnswer;
import java.util.List;

/** What is to be written for a run, and what to tell once it is. */
record Ending(ClaimEnd claimEnd, PoolEvent whenWritten) {

  /** What to tell of the claim, now that the store has its end. */
  List<PoolEvent> told(ClaimId claim, WriteAnswer answer) {
    return answer == WriteAnswer.DRAINED
        ? List.of(whenWritten, new PoolEvent.KeyDrained(claim))
        : List.of(whenWritten);
  }
}
