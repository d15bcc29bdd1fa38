package io.deriver.quickstart.legacy;

import io.deriver.quickstart.llm.CancelHook;
import io.deriver.quickstart.llm.Summarizer;
import io.deriver.quickstart.report.Spread;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pool of the outage. A worker holds its slot for as long as the call takes, with no timeout;
 * and the cleanup of stale claims stands behind the question whether the pool is full, so that it
 * never runs when it is needed.
 */
public final class OutagePool implements LegacyPool {

  private static final String THREADS = "outage-worker-";

  private final LegacyQueue queue;
  private final Slots slots;
  private final Duration staleAfter;
  private final Unit unit;
  private final AtomicInteger takenAway = new AtomicInteger();
  private final PollLoop loop = new PollLoop("outage-poll", this::poll);

  /**
   * A pool of so many threads.
   *
   * @param staleAfter at which age the cleanup takes a claim away
   */
  public OutagePool(LegacyQueue queue, Summarizer summarizer, int slots, Duration staleAfter) {
    this.queue = queue;
    this.slots = new Slots(slots, THREADS);
    this.staleAfter = staleAfter;
    this.unit =
        new Unit(queue, (key, messages) -> summarizer.summarize(key, messages, CancelHook.NONE));
  }

  @Override
  public void start() {
    loop.start();
  }

  private void poll() throws Exception {
    if (slots.full()) {
      return; // The fault: with eight hung calls, nothing below is ever reached again.
    }
    takenAway.addAndGet(queue.releaseStale(staleAfter));
    for (String conversation : queue.claim(slots.free())) {
      slots.run(() -> unit.work(conversation));
    }
  }

  @Override
  public int timeouts() {
    return 0;
  }

  @Override
  public Spread reuse() {
    return new Spread();
  }

  @Override
  public int takenAway() {
    return takenAway.get();
  }

  @Override
  public int leakedThreads() {
    return 0;
  }

  @Override
  public String threadPrefix() {
    return THREADS;
  }

  @Override
  public void close() {
    loop.close();
    slots.close();
  }
}
