package io.deriver.soak.worker;

/**
 * The payload of an item: a message of a conversation.
 *
 * @param item the host's own number of it, by which the ledger and the judge go
 */
public record Message(long item, String speaker, String text) {}
