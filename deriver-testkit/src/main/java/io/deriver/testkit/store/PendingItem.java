package io.deriver.testkit.store;

import io.deriver.Priority;
import io.deriver.spi.StoredItem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** An item that waits, or is being worked. */
record PendingItem(
    long id,
    TypeKey of,
    String payload,
    int weight,
    String variant,
    Priority priority,
    Instant enqueuedAt,
    Instant dueAt) {

  StoredItem stored() {
    return new StoredItem(id, payload, weight, variant, enqueuedAt);
  }

  int bytes() {
    return payload.getBytes(StandardCharsets.UTF_8).length;
  }
}
