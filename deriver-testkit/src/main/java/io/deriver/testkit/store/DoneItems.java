package io.deriver.testkit.store;

import io.deriver.testkit.store.DoneItem.How;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is kept of items that have ended; nothing, unless it is said for how long. */
final class DoneItems {

  /** Dropped in one pass of the reaper. */
  private static final int AT_MOST = 2_000;

  private final Deque<DoneItem> kept = new ArrayDeque<>();
  private @Nullable Duration keep;

  void keep(Duration keep) {
    this.keep = keep;
  }

  /** The end of an item of a live claim. */
  void add(PendingItem item, How how, Map<String, Integer> ended, HeldClaim claim, Instant now) {
    add(item, how, claim.attempt(), ended, claim.node(), claim.fence(), now);
  }

  /** An item that no claim had. */
  void addCancelled(PendingItem item, Instant now) {
    add(item, How.CANCELLED, 0, Map.of(), null, 0, now);
  }

  private void add(
      PendingItem item,
      How how,
      int attempts,
      Map<String, Integer> ended,
      @Nullable String node,
      long fence,
      Instant now) {
    if (keep != null) {
      kept.add(
          new DoneItem(
              item.id(),
              item.of().type(),
              item.of().key(),
              how,
              attempts,
              ended,
              item.enqueuedAt(),
              now,
              node,
              fence));
    }
  }

  /** The last of a key, the last first. */
  List<DoneItem> last(TypeKey of, int limit) {
    List<DoneItem> last =
        new ArrayList<>(
            kept.stream()
                .filter(item -> item.type().equals(of.type()) && item.key().equals(of.key()))
                .toList());
    Collections.reverse(last);
    return List.copyOf(last.subList(0, Math.min(limit, last.size())));
  }

  /** Drops what has been kept long enough; says whether it stopped at its bound. */
  boolean purge(Instant now) {
    if (keep == null) {
      return false;
    }
    Instant before = now.minus(keep);
    int purged = 0;
    while (purged < AT_MOST && !kept.isEmpty() && kept.peek().endedAt().isBefore(before)) {
      kept.remove();
      purged++;
    }
    return purged == AT_MOST;
  }
}
