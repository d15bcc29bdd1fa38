package io.deriver.testkit.store;

/** What is ordered, claimed and exclusive. */
record TypeKey(String type, String key) {}
