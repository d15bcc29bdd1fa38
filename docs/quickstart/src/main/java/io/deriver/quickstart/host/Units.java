package io.deriver.quickstart.host;

import io.deriver.Cut;
import java.util.EnumMap;
import java.util.Map;

/** Keeps count of the units for which the LLM is called: an attempt is one. Thread-safe. */
public final class Units {

  private final Map<Cut, Integer> byCut = new EnumMap<>(Cut.class);
  private int messages;

  /** Another unit goes to the LLM. */
  synchronized void add(int itsMessages, Cut cut) {
    messages += itsMessages;
    byCut.merge(cut, 1, Integer::sum);
  }

  /** What was counted so far. */
  public synchronized Count count() {
    return new Count(messages, Map.copyOf(byCut));
  }

  /**
   * What was counted.
   *
   * @param messages the messages of all units; those of an attempt that hung count again
   * @param byCut how many units each cap kept from holding more
   */
  public record Count(int messages, Map<Cut, Integer> byCut) {

    /** How many units there were. */
    public int units() {
      return byCut.values().stream().mapToInt(Integer::intValue).sum();
    }
  }
}
