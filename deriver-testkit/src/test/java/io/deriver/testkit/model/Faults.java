package io.deriver.testkit.model;

/**
 * What may go wrong beside the protocol. Items are bits.
 *
 * @param killers items whose run ends its process
 * @param hanging items whose run may hang
 * @param failing items whose run may fail
 * @param crashes how many processes may end out of the blue
 * @param pauses how often a process may stand still past its lease
 * @param lostAnswers how often the answer to a claim or a commit may be lost
 */
record Faults(int killers, int hanging, int failing, int crashes, int pauses, int lostAnswers) {

  static final int ALL = 0b111;

  /** Items that never do any harm, and so must never be set aside. */
  int innocent() {
    return ALL & ~(killers | hanging | failing);
  }
}
