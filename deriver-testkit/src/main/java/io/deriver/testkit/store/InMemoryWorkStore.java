package io.deriver.testkit.store;

import io.deriver.Codecs;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.WorkStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A store in memory for tests: what it answers is what a store on a database answers, and it passes
 * the same contract. Any number of pools of this process can share one.
 *
 * <p>What it does not have: persistence, other processes, and calls that take time. For calls that
 * fail, hang or lose their answer, wrap it in a {@link FaultyWorkStore}.
 *
 * <p>Thread-safe. Its time is a clock of the test's, see {@link
 * io.deriver.testkit.time.ManualPoolClock}.
 */
public final class InMemoryWorkStore implements WorkStore {

  /** The largest payload that is taken, in bytes of its JSON as UTF-8: 1 MiB. */
  public static final int MAX_PAYLOAD_BYTES = 1 << 20;

  private final Shelves shelves;
  private final Codecs codecs = new JacksonCodecs();

  /** A store whose clock is the system's. */
  public InMemoryWorkStore() {
    this(InstantSource.system());
  }

  /** A store whose leases, guards and due times go by this clock. */
  public InMemoryWorkStore(InstantSource clock) {
    this.shelves = new Shelves(clock);
  }

  /**
   * Has what ends from now on kept for so long, see {@link #done}; else nothing of it is.
   *
   * @return this store
   */
  public InMemoryWorkStore keepDone(Duration keep) {
    shelves.locked(() -> shelves.ledger().done().keep(keep));
    return this;
  }

  @Override
  public NodeStore join(NodeSpec spec) {
    return new InMemoryNode(UUID.randomUUID().toString(), spec, shelves);
  }

  @Override
  public Codecs codecs() {
    return codecs;
  }

  /**
   * Adds an item at the end of its key.
   *
   * @return its id, and what became of it, see {@link Item#dedupe}
   * @throws IllegalArgumentException if the payload cannot be written as JSON or is over {@link
   *     #MAX_PAYLOAD_BYTES}; nothing was added
   */
  public Enqueued enqueue(Item<?> item) {
    return enqueueAll(List.of(item)).get(0);
  }

  /**
   * Adds all items, in this order, or none.
   *
   * @return an answer for each, in the same order
   * @throws IllegalArgumentException as {@link #enqueue}
   */
  public List<Enqueued> enqueueAll(List<? extends Item<?>> items) {
    List<Encoded> encoded = new ArrayList<>();
    for (Item<?> item : items) {
      encoded.add(new Encoded(item, encode(item)));
    }
    List<Enqueued> answers =
        shelves.locked(
            () ->
                encoded.stream()
                    .map(one -> shelves.ledger().enqueue(one.item(), one.json()))
                    .toList());
    shelves.hints().give();
    return answers;
  }

  private <T> String encode(Item<T> item) {
    String json;
    try {
      json = item.type().codecOr(codecs).encode(item.payload());
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "the payload of type '%s', key '%s' cannot be written as JSON"
              .formatted(item.type(), item.key()),
          e);
    }
    int bytes = json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "the payload of type '%s', key '%s' has %d bytes; at most %d are allowed"
              .formatted(item.type(), item.key(), bytes, MAX_PAYLOAD_BYTES));
    }
    return json;
  }

  /** An outcome that completes the unit and runs this step's effects in the same moment, once. */
  public Outcome apply(InMemoryStep step) {
    return Outcome.apply(step);
  }

  /**
   * An outcome that completes the unit and runs this in the same moment, once. It must be quick and
   * must not call the store.
   */
  public Outcome apply(Runnable effect) {
    return apply((InMemoryStep.Transaction transaction) -> transaction.onCommit(effect));
  }

  /** Lets the items of a key that are there wait for no others, see {@code Limits.gather}. */
  public void flush(ItemType<?> type, String key) {
    shelves.locked(() -> shelves.ledger().flush(new TypeKey(type.name(), key)));
    shelves.hints().give();
  }

  /** Lets the items of a type that are there wait for no others. */
  public void flush(ItemType<?> type) {
    shelves.locked(
        () -> shelves.ledger().gatherings().flush(type.name(), shelves.ledger().newestItem()));
    shelves.hints().give();
  }

  /** Lets no item that is there wait for others. */
  public void flushAll() {
    shelves.locked(() -> shelves.ledger().gatherings().flushAll(shelves.ledger().newestItem()));
    shelves.hints().give();
  }

  /**
   * Drops the items of a key that wait, for good; those of a live claim stay.
   *
   * @return how many
   */
  public long cancelPending(ItemType<?> type, String key) {
    return shelves.locked(() -> shelves.ledger().cancel(new TypeKey(type.name(), key)));
  }

  /**
   * The items of a key that ended last, the last first, as far as they are kept.
   *
   * @param limit at most so many
   */
  public List<DoneItem> done(String type, String key, int limit) {
    return shelves.locked(() -> shelves.ledger().done().last(new TypeKey(type, key), limit));
  }

  /**
   * Has the live run of a key ended by force, on whichever node it is, when that renews its lease.
   *
   * @return whether a node held a claim of the key
   */
  public boolean cancelRunning(ItemType<?> type, String key) {
    return shelves.locked(
        () -> shelves.ledger().head(new TypeKey(type.name(), key)).map(Head::cancel).orElse(false));
  }

  /**
   * Has no node claim anything of a type until it is resumed.
   *
   * @return whether it was not paused before
   */
  public boolean pause(ItemType<?> type) {
    return shelves.locked(() -> shelves.ledger().paused().add(type.name()));
  }

  /**
   * Has all nodes claim of a type again.
   *
   * @return whether it was paused
   */
  public boolean resume(ItemType<?> type) {
    boolean resumed = shelves.locked(() -> shelves.ledger().paused().remove(type.name()));
    shelves.hints().give();
    return resumed;
  }

  /** The ids of the items of a key that are neither done nor dead, oldest first. */
  public List<Long> pending(String type, String key) {
    return shelves.locked(
        () ->
            shelves.ledger().head(new TypeKey(type, key)).stream()
                .flatMap(head -> head.items().stream())
                .map(PendingItem::id)
                .toList());
  }

  /** All keys with items that are neither done nor dead, in the order of their first items. */
  public List<PendingKey> pendingKeys() {
    return shelves.locked(
        () ->
            shelves.ledger().heads().stream()
                .filter(head -> !head.isDrained())
                .map(
                    head ->
                        new PendingKey(
                            head.of().type(),
                            head.of().key(),
                            head.items().size(),
                            head.claim() != null,
                            head.claimableAt()))
                .toList());
  }

  /** The errors that the unit at the head of a key has met so far, oldest first. */
  public List<ErrorEntry> errors(String type, String key) {
    return shelves.locked(
        () -> shelves.ledger().head(new TypeKey(type, key)).map(Head::errors).orElseGet(List::of));
  }

  /** How much there is of what. */
  public StoreCounts counts() {
    return shelves.locked(() -> shelves.ledger().counts());
  }

  /** All items set aside, in the order in which that happened. */
  public List<DeadLetter> deadLetters() {
    return shelves.locked(() -> shelves.ledger().dead());
  }

  /**
   * Puts a dead letter back, at the end of its key, with its attempts and errors forgotten.
   *
   * @return whether there was one of this id
   */
  public boolean requeue(long id) {
    boolean found = shelves.locked(() -> shelves.ledger().requeue(id));
    shelves.hints().give();
    return found;
  }

  /**
   * Drops a dead letter for good.
   *
   * @return whether there was one of this id
   */
  public boolean discard(long id) {
    return shelves.locked(() -> shelves.ledger().discard(id));
  }

  private record Encoded(Item<?> item, String json) {}
}
