package io.deriver.jdbc;

import io.deriver.ItemType;
import io.deriver.internal.Checks;
import io.deriver.internal.Names;
import io.deriver.jdbc.internal.DeadLetterCalls;
import io.deriver.jdbc.internal.DoneCalls;
import io.deriver.jdbc.internal.KeyCalls;
import io.deriver.jdbc.internal.TypeCalls;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person does to a queue, or a program for one: look at a key, drop what waits, end a run,
 * put back or drop all dead letters of a type. See {@link PostgresQueue#operations}.
 *
 * <p>What holds: no call takes the items of a live claim away; {@link #cancelRunning} ends its run,
 * as a limit would. What does not: a call answers for what was there when it began; what comes
 * meanwhile is left alone.
 *
 * <p>Thread-safe. Each call takes a connection of the queue's DataSource, and throws {@link
 * io.deriver.spi.StoreException} when the database does not play along.
 */
public final class Operations {

  private final KeyCalls keys;
  private final TypeCalls types;
  private final DeadLetterCalls deadLetters;
  private final DoneCalls done;

  Operations(KeyCalls keys, TypeCalls types, DeadLetterCalls deadLetters, DoneCalls done) {
    this.keys = keys;
    this.types = types;
    this.deadLetters = deadLetters;
    this.done = done;
  }

  /**
   * What the store knows of a key; empty if it has no items that have not ended.
   *
   * @throws IllegalArgumentException if the key breaks the rule for keys
   */
  public Optional<KeyView> look(ItemType<?> type, String key) {
    return keys.look(type.name(), Names.requireKey(key));
  }

  /**
   * The items of a key that ended last, the last first, as far as they are kept: only where the
   * queue of the process that ended them was built with {@link PostgresQueue.Builder#keepDone}.
   *
   * @param limit 1 to 1,000
   * @throws IllegalArgumentException if the key breaks the rule for keys, or the limit its range
   */
  public List<DoneItem> done(ItemType<?> type, String key, int limit) {
    Names.requireKey(key);
    Checks.between("limit", limit, 1, 1_000);
    return done.last(type.name(), key, limit);
  }

  /**
   * Drops the items of a key that wait, for good: they become no dead letters. Those of a live
   * claim end as they would have; to end that, see {@link #cancelRunning}. Of a key that rests
   * after a failure its failed items are dropped, too.
   *
   * @return how many items were dropped; 0 if none waited
   * @throws IllegalArgumentException if the key breaks the rule for keys
   */
  public long cancelPending(ItemType<?> type, String key) {
    return keys.cancel(type.name(), Names.requireKey(key));
  }

  /**
   * Has the live run of a key ended by force, on whichever node it is, as {@code Pool.cancel} does
   * it: the node hears of it when it renews its lease next, within a {@code renewInterval}. A run
   * that ends by itself before that has ended; one whose node cannot hear ends with its lease.
   *
   * @return whether a node held a claim of the key; what becomes of it, {@link #look} tells
   * @throws IllegalArgumentException if the key breaks the rule for keys
   */
  public boolean cancelRunning(ItemType<?> type, String key) {
    return keys.cancelRunning(type.name(), Names.requireKey(key));
  }

  /**
   * Has no node claim anything of a type until it is resumed, whoever starts meanwhile. Live runs
   * go on, enqueueing too, and each pool that serves the type says so in {@code health()}. A claim
   * that is under way may still come through. It lasts until {@link #resume}, over restarts.
   *
   * @return whether it was not paused before
   */
  public boolean pause(ItemType<?> type) {
    return types.pause(type.name());
  }

  /**
   * Has all nodes claim of a type again, within their next poll.
   *
   * @return whether it was paused
   */
  public boolean resume(ItemType<?> type) {
    return types.resume(type.name());
  }

  /** The types that are paused for all nodes, by name, each with since when. */
  public Map<String, Instant> paused() {
    return types.paused();
  }

  /**
   * Puts back all dead letters of a type that there are now, 500 in a transaction, as {@link
   * PostgresQueue#requeue} does. Should a call fail, those before it are back, and those behind it
   * are dead letters still.
   *
   * @return how many
   */
  public long requeueAll(ItemType<?> type) {
    return deadLetters.requeueAll(type.name());
  }

  /**
   * Deletes all dead letters of a type that there are now, 500 in a transaction, for good.
   *
   * @return how many
   */
  public long discardAll(ItemType<?> type) {
    return deadLetters.discardAll(type.name());
  }
}
