package io.deriver.testkit.store;

import io.deriver.spi.Claim;
import java.time.Instant;

/**
 * A live claim as the store remembers it.
 *
 * @param standing where the key stood when it was claimed
 * @param taken how many of the key's first items it is for
 */
record HeldClaim(
    long fence,
    String node,
    int attempt,
    Claim.Standing standing,
    int taken,
    Instant guardAt,
    int maxAttempts) {}
