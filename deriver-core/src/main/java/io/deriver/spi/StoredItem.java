package io.deriver.spi;

import java.time.Instant;

/** An item as the store holds it: its payload is still JSON text. */
public record StoredItem(long id, String payload, int weight, String variant, Instant enqueuedAt) {}
