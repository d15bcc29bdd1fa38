package io.deriver;

/**
 * How soon the items of a key are worked, beside those of other keys of their type. A key has the
 * highest priority of its pending items; within a key the order stays.
 *
 * <p>What holds: of keys that wait, those of the highest priority are claimed first, and of equal
 * ones the oldest. Each fourth claim of a node goes by age alone, so what waits is not passed over
 * for ever: a key that is the oldest of its type is claimed at the fourth claim at the latest.
 *
 * <p>What does not: runs are not interrupted for others. A key with more than a hundred pending
 * items keeps the highest priority that it had until fewer are left.
 */
public enum Priority {
  /** Before all others. */
  URGENT,
  /** Before what is normal. */
  HIGH,
  /** The default. */
  NORMAL,
  /** When nothing else waits, and at each fourth claim. */
  LOW
}
