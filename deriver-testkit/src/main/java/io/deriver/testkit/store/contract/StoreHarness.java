package io.deriver.testkit.store.contract;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.WorkStore;
import io.deriver.testkit.store.DeadLetter;
import io.deriver.testkit.store.DoneItem;
import io.deriver.testkit.store.ErrorEntry;
import io.deriver.testkit.store.StoreCounts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A fresh store with what the contract needs beside the SPI: a host's and an operator's view of it,
 * and a hand on its time. Enqueueing is called from many threads at once, the rest from one. A test
 * has at most ten nodes open at a time.
 */
public interface StoreHarness extends AutoCloseable {

  /** The store under test. */
  WorkStore store();

  /** Enqueues all items in one call: all of them or, on any exception, none. */
  List<Long> enqueueAll(List<? extends Item<?>> items);

  /**
   * Makes so much time pass for the store: all leases, guards, delays and due times that it holds
   * come closer by that. The very next claim or pass of the reaper must see it.
   */
  void age(Duration by);

  /** The ids of a key's items that are neither done nor dead, claimed ones included, in order. */
  List<Long> pending(String type, String key);

  /** The errors remembered of the unit at the head of a key, oldest first. */
  List<ErrorEntry> errors(String type, String key);

  /** Lets the items of a key that are there wait for no others. */
  void flush(ItemType<?> type, String key);

  /** Lets the items of a type that are there wait for no others. */
  void flush(ItemType<?> type);

  /** Lets no item that is there wait for others. */
  void flushAll();

  /** Has no node claim anything of a type until it is resumed; says whether that is news. */
  boolean pause(ItemType<?> type);

  /** Has all nodes claim of a type again; says whether that is news. */
  boolean resume(ItemType<?> type);

  /** Drops the items of a key that wait; answers how many. */
  long cancelPending(ItemType<?> type, String key);

  /** The items of a key that ended last, the last first, as far as the store keeps them. */
  List<DoneItem> done(String type, String key, int limit);

  /** Has the live run of a key ended; says whether a node held a claim of it. */
  boolean cancelRunning(ItemType<?> type, String key);

  /** Counts of all that the store holds. */
  StoreCounts counts();

  /** All dead letters. */
  List<DeadLetter> deadLetters();

  /**
   * Puts a dead letter back.
   *
   * @param id the item's id
   */
  void requeue(long id);

  /**
   * Drops a dead letter.
   *
   * @param id the item's id
   */
  void discard(long id);

  /**
   * A step that writes this text in the transaction, where {@link #effects} shows it if and only if
   * the transaction commits, and then makes the call, still in the step: what the call throws, the
   * step throws.
   */
  CompletionStep step(String effect, Callable<?> call);

  /** The texts that committed steps have written. */
  List<String> effects();

  /** Ends the store and lets go of all it holds. */
  @Override
  void close();
}
