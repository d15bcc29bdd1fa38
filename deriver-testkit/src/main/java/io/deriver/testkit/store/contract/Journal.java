package io.deriver.testkit.store.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.StoredItem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was worked, in which order, and by how many at once. Payloads are JSON texts {@code
 * "enqueuer number"}: an enqueuer is one thread, so its numbers must come in order within a key.
 */
final class Journal {

  private final Set<String> live = new HashSet<>();
  private final Set<Long> worked = new HashSet<>();
  private final Map<List<String>, Integer> lastOfEnqueuer = new HashMap<>();

  synchronized void begin(Claim claim) {
    String key = claim.id().key();
    assertThat(live.add(key)).as("%s has one live claim", key).isTrue();
    for (StoredItem item : claim.items()) {
      assertThat(worked.add(item.id())).as("item %d of %s is worked once", item.id(), key).isTrue();
      String[] payload = item.payload().replace("\"", "").split(" ", 2);
      int number = Integer.parseInt(payload[1]);
      Integer before = lastOfEnqueuer.put(List.of(key, payload[0]), number);
      assertThat(before == null || before < number)
          .as("%s: %s after %s of the same thread", key, number, before)
          .isTrue();
    }
  }

  /** To be called before the end is written: afterwards the key may be claimed by another. */
  synchronized void end(Claim claim) {
    live.remove(claim.id().key());
  }

  synchronized int items() {
    return worked.size();
  }

  synchronized void isWhole(int items) {
    assertThat(worked).as("items worked").hasSize(items);
  }
}
