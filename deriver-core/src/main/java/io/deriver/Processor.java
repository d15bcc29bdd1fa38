package io.deriver;

/**
 * The host's work: one method that is handed a unit and says what became of it.
 *
 * <p>What holds: only one run of a (type, key) is live at a time, across all processes; the run's
 * slot comes back within its limits and a tenth of a second, whatever this method does.
 *
 * <p>What does not: the thread itself cannot be taken back from code that ignores interrupts. It is
 * counted and reported as abandoned, and whatever it does later changes nothing in the queue, but
 * its effects elsewhere are beyond deriver's reach. Set your client's own timeouts too, and hand
 * what frees it to {@link RunContext#onCancel}.
 *
 * <p>Called from many threads at once, so implementations must be thread-safe.
 *
 * @param <T> the payload class
 */
@FunctionalInterface
public interface Processor<T> {

  /**
   * Works the unit.
   *
   * @return what became of it; null is a failure
   * @throws Exception a failure; what happens next is decided by {@link Limits#failurePolicy()}
   */
  Outcome process(WorkUnit<T> unit, RunContext run) throws Exception;
}
