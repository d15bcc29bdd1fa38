package io.deriver.benchmarks.measure;

import java.util.List;
import java.util.stream.IntStream;

/** Cuts lists. */
public final class Parts {

  private Parts() {}

  /** The list in pieces of so many. */
  public static <T> List<List<T>> of(List<T> all, int size) {
    return IntStream.range(0, (all.size() + size - 1) / size)
        .mapToObj(part -> all.subList(part * size, Math.min(all.size(), (part + 1) * size)))
        .toList();
  }
}
