package io.deriver.benchmarks.processes;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which items were called for, each as often as it was. */
record Numbers(List<Integer> all) {

  private static final String BETWEEN = ",";

  Numbers {
    all = List.copyOf(all);
  }

  static Numbers of(Collection<Integer> all) {
    return new Numbers(List.copyOf(all));
  }

  /** From what {@link #written()} gave. */
  static Numbers read(String text) {
    return of(
        Stream.of(text.split(BETWEEN)).filter(n -> !n.isEmpty()).map(Integer::valueOf).toList());
  }

  String written() {
    return all.stream().map(String::valueOf).collect(Collectors.joining(BETWEEN));
  }

  /**
   * Returns if together they are all items from 0 on, each of them once.
   *
   * @throws IllegalStateException if they are not
   */
  static void requireEachOnce(List<Numbers> parts, int items) {
    int[] times = new int[items];
    parts.forEach(part -> part.all.forEach(number -> times[number]++));
    for (int number = 0; number < items; number++) {
      if (times[number] != 1) {
        throw new IllegalStateException(
            "item %d was called for %d times".formatted(number, times[number]));
      }
    }
  }
}
