package io.deriver.testkit.store.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How long the keys have waited, in steps of the history. A key that waited for a time, or for more
 * items, may count from any moment between that at which it was free and that at which it could be
 * claimed: stores differ there.
 */
final class Waits {

  private static final long NEVER = Long.MAX_VALUE;

  private final Map<String, Wait> waits = new HashMap<>();
  private long step;

  /** A step is over, and this is what became of a store's keys. */
  void look(StoreModel model) {
    step++;
    Map<String, KeyModel> claimable = model.claimable();
    model
        .keys()
        .forEach(
            (name, key) ->
                look(name, key, claimable.containsKey(name), model.isGatheredByTime(key)));
  }

  private void look(String name, KeyModel key, boolean claimable, boolean byTime) {
    Wait before = waits.get(name);
    if (before == null || before.time() != key.time()) {
      before = new Wait(key.time(), key.drops(), byTime, step, NEVER);
    }
    boolean isAsBefore = before.drops() == key.drops() && before.byTime() == byTime;
    long ready = claimable ? Math.min(isAsBefore ? before.ready() : NEVER, step) : NEVER;
    waits.put(name, new Wait(key.time(), key.drops(), byTime, before.free(), ready));
  }

  Wait of(String name) {
    return Objects.requireNonNull(waits.get(name));
  }

  /**
   * One key's.
   *
   * @param time for which time the key waits
   * @param drops how many of its items had been dropped; what is left may be younger, or too few
   * @param byTime whether it has too few, and can be claimed only since it has waited for long; it
   *     may count from the end of that, though it was free before its type gathered
   * @param free the step at which its first item came, or its last claim ended
   * @param ready the step at which it could be claimed
   */
  record Wait(int time, int drops, boolean byTime, long free, long ready) {

    boolean isSurelyBefore(Wait other) {
      return ready < other.free;
    }
  }
}
