package io.deriver.testkit.store;

import io.deriver.Priority;
import io.deriver.spi.StoredItem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An item that waits, or is being worked. */
record PendingItem(
    long id,
    TypeKey of,
    String payload,
    int weight,
    String variant,
    Priority priority,
    Instant enqueuedAt,
    Instant dueAt,
    @Nullable String dedupeKey) {

  StoredItem stored() {
    return new StoredItem(id, payload, weight, variant, enqueuedAt);
  }

  /** This one, with the content of another. */
  PendingItem replacedBy(PendingItem other) {
    return new PendingItem(
        id, of, other.payload, other.weight, other.variant, priority, enqueuedAt, dueAt, dedupeKey);
  }

  int bytes() {
    return payload.getBytes(StandardCharsets.UTF_8).length;
  }
}
