package io.deriver.spi;

/**
 * A step that a store runs in the transaction that completes a claim. Each store makes its own and
 * refuses those of others.
 */
public interface CompletionStep {}
