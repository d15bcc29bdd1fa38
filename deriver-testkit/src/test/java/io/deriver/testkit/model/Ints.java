package io.deriver.testkit.model;

import java.util.Arrays;

/** Numbers, in the order in which they came; millions of them. */
final class Ints {

  private int[] values = new int[4];
  private int size;

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int get(int index) {
    return values[index];
  }

  int size() {
    return size;
  }
}
