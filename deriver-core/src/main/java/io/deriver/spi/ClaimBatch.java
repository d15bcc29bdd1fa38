package io.deriver.spi;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a claim brought.
 *
 * @param claims at most as many as were asked for
 * @param nextDue how long until the next key of the served types becomes claimable by time alone;
 *     null when none will
 */
public record ClaimBatch(List<Claim> claims, @Nullable Duration nextDue) {

  public ClaimBatch {
    claims = List.copyOf(claims);
  }
}
