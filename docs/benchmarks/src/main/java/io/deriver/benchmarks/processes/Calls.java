package io.deriver.benchmarks.processes;

import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.benchmarks.measure.Payloads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Takes its time with each item, and notes its number. Thread-safe. */
final class Calls implements Processor<String> {

  private final long micros;
  private final Queue<Integer> numbers = new ConcurrentLinkedQueue<>();

  /**
   * @param micros that a call takes; 0 for none
   */
  Calls(long micros) {
    this.micros = micros;
  }

  @Override
  public Outcome process(WorkUnit<String> unit, RunContext run) {
    long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    unit.payloads().forEach(payload -> numbers.add(Payloads.number(payload)));
    return Outcome.done();
  }

  /** Those that came since the last {@link #forget()}. */
  Numbers numbers() {
    return Numbers.of(numbers);
  }

  void forget() {
    numbers.clear();
  }
}
