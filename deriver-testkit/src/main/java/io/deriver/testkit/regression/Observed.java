package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a pool in one shape.
 *
 * @param slotsFree whether all slots were free again in time
 * @param slotsBackAfter how long after the last of the calls began that was
 * @param met how many calls were in the shape at the same time
 * @param runs those that began before the provider recovered
 * @param calls how many calls the provider had seen by then; empty if it cannot tell
 * @param unfinished units that did not end, or were healthy and not done: a line each
 * @param setAside units that had hung and were set aside later: a line each
 * @param leftovers threads that were not back even after the provider was closed
 * @param trouble what closing failed with; empty if it did not
 */
record Observed(
    HangShape shape,
    boolean slotsFree,
    Duration slotsBackAfter,
    Met met,
    List<OneRun> runs,
    OptionalInt calls,
    List<String> unfinished,
    List<String> setAside,
    int leftovers,
    String trouble) {

  Observed withLeftovers(int threads) {
    return new Observed(
        shape, slotsFree, slotsBackAfter, met, runs, calls, unfinished, setAside, threads, trouble);
  }

  Observed withTrouble(String closing) {
    return new Observed(
        shape,
        slotsFree,
        slotsBackAfter,
        met,
        runs,
        calls,
        unfinished,
        setAside,
        leftovers,
        closing);
  }

  /** How many of the slots' calls were in the shape at the same time. */
  enum Met {
    BY_NONE,
    BY_SOME,
    BY_ALL,
    /** The system does not tell. */
    UNKNOWN
  }

  /**
   * One run that began before the provider recovered.
   *
   * @param stack where its thread was when it was given up, one frame an entry; empty if it is back
   * @param closer where the thread was that closes what the run registered; empty if in no close
   * @param registered how much the processor handed to {@code onCancel}
   * @param saidDone whether the processor said that all is done while the run was live
   * @param endedBy the limit that ended it; null if none did
   */
  record OneRun(
      String key,
      Freed freed,
      List<String> stack,
      List<String> closer,
      int registered,
      int progressCalls,
      boolean saidDone,
      @Nullable String endedBy) {}
}
