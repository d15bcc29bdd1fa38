package io.deriver.recipes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What a call has offered so far that closes it, by name. Thread-safe. */
final class Handles {

  private final Map<String, AutoCloseable> offered = new ConcurrentHashMap<>();

  <T extends AutoCloseable> T offer(String name, T handle) {
    offered.put(name, handle);
    return handle;
  }

  @Nullable AutoCloseable get(String name) {
    return offered.get(name);
  }
}
