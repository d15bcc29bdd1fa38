package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.ClaimEnd;

/** What is to be written for a run, and what to tell once it is. */
record Ending(ClaimEnd claimEnd, PoolEvent whenWritten) {}
