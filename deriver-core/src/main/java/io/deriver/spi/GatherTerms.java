package io.deriver.spi;

import java.time.Duration;

/**
 * When the items of a key of some type are enough to be claimed: as soon as they weigh {@code
 * minWeight} together, as there are {@code maxItems}, or as they are of more than one variant; else
 * when the oldest has waited for {@code maxWait}.
 */
public record GatherTerms(int minWeight, Duration maxWait, int maxItems) {}
