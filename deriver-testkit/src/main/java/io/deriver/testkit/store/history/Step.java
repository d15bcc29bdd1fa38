package io.deriver.testkit.store.history;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Priority;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimEnd.Rest;
import io.deriver.spi.ClaimEnd.Split;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One thing that happens. Numbers choose among what there is at that moment, so that a history from
 * which steps were left out still means something.
 */
sealed interface Step {

  /** What time does, and what nodes do to keep up with it. */
  sealed interface Upkeep extends Step {}

  /** What operators do. */
  sealed interface Operate extends Step {}

  /** Items of one key, in one call. */
  record Enqueue(int key, int items, String variant, Priority priority, boolean later, Dedup dedup)
      implements Step {

    private static final Duration LATER = Duration.ofHours(1);

    /**
     * @param number what tells its payload from others
     */
    Item<String> item(ItemType<String> type, int number) {
      Item<String> item =
          Item.of(type, "key" + key, "payload " + number)
              .variant(variant)
              .priority(priority)
              .delay(later ? LATER : Duration.ZERO);
      return dedup.of(item);
    }
  }

  /**
   * A node asks for so many keys, in units of so many items, for so many attempts at most.
   *
   * @param quota how many of them may be on probation, and how many suspects
   * @param running how many claims there may be in all, of all nodes
   */
  record Claim(int node, int keys, int items, int attempts, int quota, int running)
      implements Step {

    /** As many keys as there are: no quota, or no limit. */
    static final int ALL = 3;

    ClaimRequest request() {
      TypeTerms terms = new TypeTerms(Nodes.TYPE, Scene.GUARD, items, 1 << 20, attempts);
      return new ClaimRequest(
          List.of(running < ALL ? terms.running(running) : terms), keys, quota, quota);
    }
  }

  /** Who holds one of the live claims ends it. */
  record End(int claim, Way way) implements Step {}

  /** Who has lost a claim ends it. */
  record EndLost(int claim, Way way) implements Step {}

  /** Somebody ends a live claim under another fence, or another node's name. */
  record EndOfStranger(int claim, boolean otherNode) implements Step {}

  /** Who holds one of the live claims completes it by a step. */
  record Apply(int claim, Fate fate) implements Step {}

  /** Who has lost a claim completes it by a step. */
  record ApplyLost(int claim) implements Step {}

  /** A node renews its lease. */
  record Renew(int node) implements Upkeep {}

  /** The holder of one of the live claims gives it back, as one that nobody works. */
  record GiveBack(int claim) implements Step {}

  /** Time passes. */
  record Pass(Lapse lapse) implements Upkeep {}

  /** A node ends without a word, and another joins. */
  record Crash(int node) implements Upkeep {}

  /** A node ends without a word, its lease passes, and the other one reaps. */
  record Takeover(int node) implements Upkeep {}

  /** Guards pass while the nodes live on, and one of them reaps. */
  record Overstay(int node) implements Upkeep {}

  /** A node reaps. */
  record Reap(int node) implements Upkeep {}

  /** An operator puts a dead letter back. */
  record Requeue(int letter) implements Operate {}

  /** A node says how the type gathers from now on, and leaves. */
  record Gather(int minWeight) implements Operate {}

  /** An operator lets the items of a key that are there wait no longer for others. */
  record FlushKey(int key) implements Operate {}

  /** The same for all keys. */
  record FlushAll() implements Operate {}

  /** An operator drops a dead letter. */
  record Discard(int letter) implements Operate {}

  /** An operator drops the items of a key that wait. */
  record CancelPending(int key) implements Operate {}

  /** An operator has nothing claimed. */
  record Pause() implements Operate {}

  /** An operator has all claimed again. */
  record Resume() implements Operate {}

  /** By what an item is deduped, and how. */
  enum Dedup {
    NONE,
    KEEP_FIRST_A,
    KEEP_FIRST_B,
    REPLACE_A,
    REPLACE_B,
    PUSH_BACK_A,
    PUSH_BACK_B;

    Item<String> of(Item<String> item) {
      return switch (this) {
        case NONE -> item;
        case KEEP_FIRST_A -> item.dedupe("a", Dedupe.KEEP_FIRST);
        case KEEP_FIRST_B -> item.dedupe("b", Dedupe.KEEP_FIRST);
        case REPLACE_A -> item.dedupe("a", Dedupe.REPLACE);
        case REPLACE_B -> item.dedupe("b", Dedupe.REPLACE);
        case PUSH_BACK_A -> item.dedupe("a", Dedupe.PUSH_BACK);
        case PUSH_BACK_B -> item.dedupe("b", Dedupe.PUSH_BACK);
      };
    }
  }

  /** What comes of a step's run. */
  enum Fate {
    COMMITS,
    FAILS,
    ENDED_MEANWHILE
  }

  /** How long. No two sums of these meet a lease, a guard or a delay: no test is a close run. */
  enum Lapse {
    LESS_THAN_A_LEASE(Duration.ofMinutes(7)),
    MORE_THAN_A_DELAY(Duration.ofHours(2)),
    MORE_THAN_A_GUARD(Duration.ofHours(4));

    private final Duration time;

    Lapse(Duration time) {
      this.time = time;
    }

    Duration time() {
      return time;
    }
  }

  /** How a claim is ended. */
  enum Way {
    DONE,
    FAILED,
    FAILED_TO_REST,
    TIMED_OUT,
    RELEASED,
    RELEASED_TO_REST,
    EXCUSED,
    EXCUSED_OF_TIME,
    DEAD,
    DEAD_OF_TIME,
    FIRST_DONE,
    FIRST_DEAD,
    FIRST_FAILED,
    FIRST_DONE_THEN_FAILED;

    private static final Duration REST = Duration.ofHours(1);

    ClaimEnd of(io.deriver.spi.Claim claim) {
      long first = claim.items().get(0).id();
      return switch (this) {
        case DONE -> new ClaimEnd.Completed();
        case FAILED -> new ClaimEnd.Retried(Duration.ZERO, Cause.FAILURE, "failed");
        case FAILED_TO_REST -> new ClaimEnd.Retried(REST, Cause.FAILURE, "failed");
        case TIMED_OUT -> new ClaimEnd.Retried(Duration.ZERO, Cause.TIMEOUT, "timed out");
        case RELEASED -> new ClaimEnd.Released(Duration.ZERO);
        case RELEASED_TO_REST -> new ClaimEnd.Released(REST);
        case EXCUSED ->
            new ClaimEnd.Released(Duration.ZERO, new ClaimEnd.Failure(Cause.FAILURE, "all fail"));
        case EXCUSED_OF_TIME ->
            new ClaimEnd.Released(Duration.ZERO, new ClaimEnd.Failure(Cause.TIMEOUT, "all hang"));
        case DEAD -> new ClaimEnd.DeadLettered(Cause.FAILURE, "no good");
        case DEAD_OF_TIME -> new ClaimEnd.DeadLettered(Cause.TIMEOUT, "timed out");
        case FIRST_DONE -> new Split(Set.of(first), Map.of());
        case FIRST_DEAD -> new Split(Set.of(), Map.of(first, "no good"));
        case FIRST_FAILED -> new Split(Set.of(), Map.of(), new Rest(true, REST, "failed"));
        case FIRST_DONE_THEN_FAILED ->
            new Split(Set.of(first), Map.of(), new Rest(false, Duration.ZERO, "failed"));
      };
    }
  }
}
