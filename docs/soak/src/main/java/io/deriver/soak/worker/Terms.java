package io.deriver.soak.worker;

import io.deriver.Backoff;
import io.deriver.FailurePolicy.Verdict;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Pool;
import java.sql.SQLException;
import java.time.Duration;

/** The settings of every pool of the soak: short, so that a minute sees many leases pass. */
public final class Terms {

  public static final ItemType<Message> TYPE = ItemType.of("message", Message.class);
  public static final Duration LEASE = Duration.ofSeconds(3);
  public static final Duration REAP_INTERVAL = Duration.ofMillis(300);
  public static final int MAX_ATTEMPTS = 5;

  static final int SLOTS = 12;

  private static final int MAX_ITEMS = 10;
  private static final Duration STORE_TIMEOUT = Duration.ofMillis(1_200);

  private Terms() {}

  static void of(Pool.Builder pool) {
    pool.slots(SLOTS)
        .claimAhead(SLOTS / 2)
        .lease(LEASE)
        .renewInterval(Duration.ofMillis(200))
        .reapInterval(REAP_INTERVAL)
        .storeTimeout(STORE_TIMEOUT)
        .completionGrace(Duration.ofSeconds(5))
        .pollInterval(Duration.ofMillis(20), Duration.ofMillis(200))
        .closeTimeout(Duration.ZERO);
  }

  static void of(Limits.Builder limits, Duration timeout) {
    limits
        .timeout(timeout)
        .maxAttempts(MAX_ATTEMPTS)
        .maxItems(MAX_ITEMS)
        .backoff(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(400)))
        // What the database does to a step is not the item's fault.
        .failurePolicy((e, attempt) -> e instanceof SQLException ? Verdict.RELEASE : Verdict.RETRY);
  }
}
