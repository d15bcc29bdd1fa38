package io.deriver.quickstart.acts;

import io.deriver.quickstart.report.Spread;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Reckons from a pool's events how soon a slot was used again whose run had timed out. Slots have
 * no number: the one that has been free for longest is taken to be used first. Not thread-safe.
 */
final class SlotLedger {

  private final Deque<Freed> free = new ArrayDeque<>();
  private final Spread reuse = new Spread();
  private int usedBeforeHeardOf;

  SlotLedger(int slots) {
    for (int i = 0; i < slots; i++) {
      free.add(new Freed(System.nanoTime(), false));
    }
  }

  /** A run has begun. */
  void used(long at) {
    Freed slot = free.poll();
    if (slot == null) {
      usedBeforeHeardOf++;
    } else if (slot.measured()) {
      reuse.add(Duration.ofNanos(at - slot.at()));
    }
  }

  /** A run has timed out; its slot's next use is to be measured, or not. */
  void timedOut(long at, boolean measured) {
    free.add(new Freed(at, measured));
  }

  /** A run has ended; its slot may be in use again already, since this is told late. */
  void ended(long at) {
    if (usedBeforeHeardOf > 0) {
      usedBeforeHeardOf--;
    } else {
      free.add(new Freed(at, false));
    }
  }

  Spread reuse() {
    return reuse;
  }

  private record Freed(long at, boolean measured) {}
}
