package io.deriver.jdbc.internal;

import io.deriver.Priority;
import java.util.List;

/** The numbers that priorities have in the schema: the smaller, the more urgent. */
final class Priorities {

  private static final List<Priority> BY_NUMBER =
      List.of(Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW);

  private Priorities() {}

  static int number(Priority priority) {
    return BY_NUMBER.indexOf(priority);
  }

  static Priority of(int number) {
    return BY_NUMBER.get(number);
  }
}
