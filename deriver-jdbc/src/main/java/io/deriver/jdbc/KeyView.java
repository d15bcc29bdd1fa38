package io.deriver.jdbc;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the store knows of a key, as {@link Operations#look} found it.
 *
 * @param state where it stands
 * @param availableAt from when on it can be claimed, by the database's clock; while it runs, as it
 *     was when it was claimed; empty for items that no pool has met yet
 * @param attempts how many attempts of its first unit have counted
 * @param ended how many of its claims ended how, since one was last done, as of {@link
 *     DeadLetter#ended}
 * @param errors what its first unit has met so far, oldest first; at most the last hundred
 * @param run who works it, if it runs
 * @param items the oldest hundred of its items, oldest first
 * @param itemCount how many it has in all
 */
public record KeyView(
    String type,
    String key,
    State state,
    Optional<Instant> availableAt,
    int attempts,
    Map<String, Integer> ended,
    List<DeadLetter.AttemptError> errors,
    Optional<Run> run,
    List<Pending> items,
    long itemCount) {

  public KeyView {
    ended = Map.copyOf(ended);
    errors = List.copyOf(errors);
    items = List.copyOf(items);
  }

  /** Where a key stands. */
  public enum State {
    /** A pool that serves its type can claim it. */
    WAITING,
    /** It rests after a failure, its first item is not due, or it waits for more items. */
    NOT_DUE,
    /** A node has claimed it. */
    RUNNING,
    /** All its items are so new that no pool has met them yet. */
    NOT_ROUTED
  }

  /**
   * Who works a key.
   *
   * @param node the id of the node that holds the claim
   * @param pool the name of its pool; empty if the node is not there any more
   * @param fence the claim's number
   * @param items how many of the key's items, the oldest, it is for
   * @param until the latest moment at which it may still be live
   */
  public record Run(
      String node, Optional<String> pool, long fence, int items, Instant since, Instant until) {}

  /**
   * An item that has not ended.
   *
   * @param dueAt when it is or was due; empty for at once
   * @param bytes the size of its payload
   */
  public record Pending(
      long id,
      int bytes,
      int weight,
      String variant,
      Instant enqueuedAt,
      Optional<Instant> dueAt) {}
}
