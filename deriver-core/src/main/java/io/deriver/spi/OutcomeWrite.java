package io.deriver.spi;

/** One claim's end, to be written. */
public record OutcomeWrite(ClaimId claim, ClaimEnd end) {}
