package io.deriver.testkit.store;

import io.deriver.Dedupe;
import io.deriver.Deduplication;
import io.deriver.Item;
import io.deriver.spi.ClaimId;
import io.deriver.testkit.store.DoneItem.How;
import io.deriver.testkit.store.Enqueued.Change;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * All that the store holds, as plain data. Not thread-safe: whoever reads or writes it holds {@link
 * InMemoryWorkStore}'s lock, which stands for a transaction.
 */
final class Ledger {

  private final Map<TypeKey, Head> heads = new LinkedHashMap<>();
  private final Map<Long, DeadLetter> dead = new LinkedHashMap<>();
  private final DoneItems done = new DoneItems();
  private final Gatherings gatherings = new Gatherings();
  private final Set<String> paused = new HashSet<>();
  private final InstantSource clock;
  private long lastItem;
  private long lastFence;
  private long lastTurn;

  Ledger(InstantSource clock) {
    this.clock = clock;
  }

  /** The id of the item that was added last. */
  long newestItem() {
    return lastItem;
  }

  /** Lets the items of a key wait no longer for others, if its type has them wait. */
  void flush(TypeKey of) {
    if (gatherings.of(of.type()) != null) {
      head(of).ifPresent(head -> head.flush(lastItem));
    }
  }

  Gatherings gatherings() {
    return gatherings;
  }

  Instant now() {
    return clock.instant();
  }

  long nextFence() {
    return ++lastFence;
  }

  long nextTurn() {
    return ++lastTurn;
  }

  Collection<Head> heads() {
    return heads.values();
  }

  Optional<Head> head(TypeKey of) {
    return Optional.ofNullable(heads.get(of));
  }

  /** The head that this claim holds, if it still does. */
  Optional<Head> heldBy(ClaimId claim) {
    return head(new TypeKey(claim.type(), claim.key()))
        .filter(head -> head.isHeldBy(claim.fence(), claim.node()));
  }

  /** Adds an item, or does what its deduplication says. */
  Enqueued enqueue(Item<?> item, String payload) {
    TypeKey of = new TypeKey(item.type().name(), item.key());
    Deduplication by = item.dedupe();
    Instant now = now();
    PendingItem added =
        new PendingItem(
            ++lastItem,
            of,
            payload,
            item.weight(),
            item.variant(),
            item.priority(),
            now,
            now.plus(item.delay()),
            by == null ? null : by.key());
    Optional<PendingItem> twin =
        by == null ? Optional.empty() : waiting(item.type().name(), by.key());
    if (by == null || twin.isEmpty()) {
      append(added);
      return new Enqueued(added.id(), Change.ADDED);
    }
    return dedupe(twin.get(), added, by.mode());
  }

  /** Of a key that came back from a claim two may wait; then it is the younger one. */
  private Optional<PendingItem> waiting(String type, String dedupeKey) {
    return heads.values().stream()
        .filter(head -> head.of().type().equals(type))
        .flatMap(head -> head.waiting().stream())
        .filter(item -> dedupeKey.equals(item.dedupeKey()))
        .max(Comparator.comparingLong(PendingItem::id));
  }

  private Enqueued dedupe(PendingItem waiting, PendingItem added, Dedupe mode) {
    if (mode == Dedupe.KEEP_FIRST) {
      return new Enqueued(waiting.id(), Change.DEDUPLICATED);
    }
    Head head = Objects.requireNonNull(heads.get(waiting.of()));
    if (mode == Dedupe.REPLACE && waiting.of().equals(added.of())) {
      head.replace(waiting, waiting.replacedBy(added));
      return new Enqueued(waiting.id(), Change.REPLACED);
    }
    head.remove(waiting);
    forgetIfDrained(head);
    append(added);
    return new Enqueued(added.id(), Change.PUSHED_BACK);
  }

  private void append(PendingItem item) {
    heads
        .computeIfAbsent(item.of(), of -> new Head(of, gatherings, now(), nextTurn()))
        .append(item);
  }

  DoneItems done() {
    return done;
  }

  /** An item of a live claim ends so; the caller takes it from its key. */
  void keep(Head head, PendingItem item, How how, Map<String, Integer> ended) {
    done.add(
        item, how, ended, Objects.requireNonNull(head.claim(), "the key is not claimed"), now());
  }

  /** The claim's items are done. */
  void complete(Head head, How how) {
    head.claimedItems().forEach(item -> keep(head, item, how, head.ended()));
    head.removeClaimed(item -> true);
    head.goOn(now(), nextTurn());
    forgetIfDrained(head);
  }

  /** What is left of the key after the end of a claim starts anew; a drained key is forgotten. */
  void startAnew(Head head) {
    head.startAnew(now(), nextTurn());
    forgetIfDrained(head);
  }

  /** Of a key without items nothing is remembered. */
  void forgetIfDrained(Head head) {
    if (head.isDrained()) {
      heads.remove(head.of());
    }
  }

  /** Sets aside all items of the claim; the key's remembered errors go with each of them. */
  void bury(Head head) {
    int attempts = attemptOf(head);
    for (PendingItem item : head.claimedItems()) {
      keep(head, item, How.DEAD, head.ended());
      bury(item, attempts, head.ended(), head.errors());
    }
    head.removeClaimed(item -> true);
    startAnew(head);
  }

  /** As {@link #bury(Head)}, if it was its time that ran out. */
  void buryHung(Head head) {
    HeldClaim claim = Objects.requireNonNull(head.claim(), "the key is not claimed");
    bury(head);
    head.goOnHung(claim.maxAttempts());
  }

  /** Sets aside one item; the caller takes it from its key. */
  void bury(PendingItem item, int attempts, Map<String, Integer> ended, List<ErrorEntry> errors) {
    TypeKey of = item.of();
    dead.put(
        item.id(),
        new DeadLetter(
            item.id(),
            of.type(),
            of.key(),
            item.payload(),
            item.weight(),
            item.variant(),
            item.priority(),
            item.enqueuedAt(),
            now(),
            attempts,
            ended,
            errors));
  }

  static int attemptOf(Head head) {
    HeldClaim claim = head.claim();
    return claim == null ? 0 : claim.attempt();
  }

  List<DeadLetter> dead() {
    return List.copyOf(dead.values());
  }

  boolean requeue(long id) {
    DeadLetter letter = dead.remove(id);
    if (letter == null) {
      return false;
    }
    append(
        new PendingItem(
            id,
            new TypeKey(letter.type(), letter.key()),
            letter.payload(),
            letter.weight(),
            letter.variant(),
            letter.priority(),
            letter.enqueuedAt(),
            now(),
            null));
    return true;
  }

  /** Drops the items of a key that no claim holds; answers how many. */
  int cancel(TypeKey of) {
    Head head = heads.get(of);
    if (head == null) {
      return 0;
    }
    List<PendingItem> waiting = head.waiting();
    waiting.forEach(item -> done.addCancelled(item, now()));
    head.dropWaiting();
    forgetIfDrained(head);
    return waiting.size();
  }

  boolean discard(long id) {
    return dead.remove(id) != null;
  }

  StoreCounts counts() {
    int items = 0;
    int claimed = 0;
    for (Head head : heads.values()) {
      items += head.items().size();
      claimed += head.claim() == null ? 0 : 1;
    }
    return new StoreCounts(items, heads.size(), claimed, dead.size());
  }

  /** Types of which nothing is to be claimed. */
  Set<String> paused() {
    return paused;
  }

  /** How many claims of a type there are. */
  int claimed(String type) {
    return (int)
        heads.values().stream()
            .filter(head -> head.claim() != null && head.of().type().equals(type))
            .count();
  }

  /** Keys that no one has claimed, of these types. */
  List<Head> unclaimed(Collection<String> types) {
    List<Head> found = new ArrayList<>();
    for (Head head : heads.values()) {
      if (head.claim() == null && types.contains(head.of().type())) {
        found.add(head);
      }
    }
    return found;
  }
}
