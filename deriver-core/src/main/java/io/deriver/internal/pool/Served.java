package io.deriver.internal.pool;

import io.deriver.ItemType;
import io.deriver.Limits;

/** A type that the pool serves, with who works it and within which limits. */
public record Served<T>(ItemType<T> type, Work<T> work, Limits limits) {}
