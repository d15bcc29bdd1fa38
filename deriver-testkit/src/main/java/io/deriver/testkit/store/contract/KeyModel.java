package io.deriver.testkit.store.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must be true of one key after what was done to it, in the plainest code that says so. */
final class KeyModel {

  static final int MAX_ATTEMPTS = 3;

  final List<Long> pending = new ArrayList<>();
  final List<Long> dead = new ArrayList<>();
  @Nullable Claim claim;
  private int attempts;
  private int size;
  private Standing standing = Standing.REGULAR;

  /** Says that a claim of this key is the one that it must be. */
  void claimed(Claim claimed, int maxItems) {
    assertThat(claim).as("the live claim of the key").isNull();
    attempts++;
    int items = Math.min(size > 0 ? Math.min(size, maxItems) : maxItems, pending.size());
    assertThat(claimed.attempt()).as("attempt").isEqualTo(attempts);
    assertThat(claimed.standing()).as("standing").isEqualTo(standing);
    assertThat(Bench.ids(claimed)).as("items").isEqualTo(pending.subList(0, items));
    claim = claimed;
  }

  void ended(Claim ended, ClaimEnd end) {
    List<Long> items = Bench.ids(ended);
    claim = null;
    if (end instanceof ClaimEnd.Completed) {
      pending.removeAll(items);
      int grown = size < 50 ? 2 * size : 0;
      startAnew();
      size = grown;
    } else if (end instanceof ClaimEnd.Retried retried) {
      shrink(items.size());
      standing = retried.cause() == Cause.TIMEOUT ? Standing.PROBATION : Standing.REGULAR;
    } else if (end instanceof ClaimEnd.Released) {
      attempts--;
    } else if (end instanceof ClaimEnd.DeadLettered dead) {
      bury(items);
      if (dead.cause() == Cause.TIMEOUT && !pending.isEmpty()) {
        attempts = MAX_ATTEMPTS - 1;
        size = 1;
        standing = Standing.PROBATION;
      }
    } else if (end instanceof ClaimEnd.Split split) {
      pending.removeAll(split.done());
      pending.removeAll(split.dead().keySet());
      dead.addAll(split.dead().keySet());
      startAnew();
    }
  }

  /** The process of the live claim died. */
  void crashed(Claim lost) {
    claim = null;
    int items = lost.items().size();
    if (lost.standing() != Standing.SUSPECT) {
      attempts--;
      size = items;
    } else if (items == 1 && attempts >= MAX_ATTEMPTS) {
      bury(Bench.ids(lost));
      return;
    } else {
      shrink(items);
    }
    standing = Standing.SUSPECT;
  }

  private void shrink(int items) {
    size = attempts + 1 >= MAX_ATTEMPTS ? 1 : Math.max(1, items / 2);
  }

  private void bury(List<Long> items) {
    pending.removeAll(items);
    dead.addAll(items);
    startAnew();
  }

  private void startAnew() {
    attempts = 0;
    size = 0;
    standing = Standing.REGULAR;
  }
}
