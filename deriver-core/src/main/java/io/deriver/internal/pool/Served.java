package io.deriver.internal.pool;

import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Processor;

/** A type that the pool serves, with who works it and within which limits. */
public record Served<T>(ItemType<T> type, Processor<T> processor, Limits limits) {}
