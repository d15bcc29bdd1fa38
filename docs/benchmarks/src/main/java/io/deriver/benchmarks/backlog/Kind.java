package io.deriver.benchmarks.backlog;

/** What keys are that there are many of. */
enum Kind {
  /** They can be claimed, the oldest first. */
  WAITING("waiting", "NULL", "now() - interval '1 hour'", 0),
  /** A node that lives has claimed them. */
  CLAIMED("claimed", "NULL", "now() - interval '1 hour'", 1),
  /** An attempt has failed, and the next one is not due. */
  BACKING_OFF("backing off", "NULL", "now() + interval '1 hour'", 1),
  /** Their first item is not due. */
  NOT_DUE("not due", "now() + interval '1 hour'", "now() + interval '1 hour'", 0),
  /** They have less than a unit must weigh. */
  GATHERING("below their threshold", "NULL", "now() + interval '1 hour'", 0);

  private final String text;
  private final String due;
  private final String available;
  private final int attempts;

  Kind(String text, String due, String available, int attempts) {
    this.text = text;
    this.due = due;
    this.available = available;
    this.attempts = attempts;
  }

  /** When their item is due, in SQL. */
  String due() {
    return due;
  }

  /** When the first of them can be claimed, in SQL. */
  String available() {
    return available;
  }

  /** How many were made. */
  int attempts() {
    return attempts;
  }

  @Override
  public String toString() {
    return text;
  }
}
