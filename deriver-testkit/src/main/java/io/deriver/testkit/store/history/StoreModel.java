package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Dedupe;
import io.deriver.Deduplication;
import io.deriver.Item;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import io.deriver.testkit.store.history.KeyModel.DeadItem;
import io.deriver.testkit.store.history.KeyModel.Held;
import io.deriver.testkit.store.history.KeyModel.PendingItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is true of a whole store: its keys, its nodes' leases, its dead letters. */
final class StoreModel {

  static final Duration LEASE = Duration.ofMinutes(10);

  private final Map<String, KeyModel> keys = new TreeMap<>();
  private final Map<String, Duration> leases = new HashMap<>();
  private final Map<Long, DeadItem> dead = new LinkedHashMap<>();
  private final Waits waits = new Waits();
  private @Nullable GatherTerms gathering;
  private boolean paused;
  private long flushed;
  private long newest;
  private Duration now = Duration.ZERO;

  Duration now() {
    return now;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  KeyModel key(String name) {
    return keys.computeIfAbsent(name, unused -> new KeyModel(dead));
  }

  /**
   * An item was enqueued, and this id answered.
   *
   * @return what became of it, if another of its dedupe key waited
   */
  Optional<Seen> enqueued(long id, Item<String> item) {
    Deduplication by = item.dedupe();
    KeyModel key = key(item.key());
    PendingItem added =
        new PendingItem(
            id,
            item.payload(),
            item.variant(),
            item.priority(),
            by == null ? null : by.key(),
            now,
            now.plus(item.delay()));
    KeyModel other = by == null ? null : keyOf(by.key());
    if (by == null || other == null) {
      add(key, added);
      return Optional.empty();
    }
    PendingItem twin = Objects.requireNonNull(youngest(other, by.key()));
    if (by.mode() == Dedupe.PUSH_BACK || (by.mode() == Dedupe.REPLACE && other != key)) {
      other.dropped(twin, now);
      add(key, added);
      return Optional.of(Seen.PUSHED_BACK);
    }
    assertThat(id).as("the item that waits").isEqualTo(twin.id());
    if (by.mode() == Dedupe.REPLACE) {
      key.replaced(twin, added);
      return Optional.of(Seen.REPLACED);
    }
    return Optional.of(Seen.DEDUPLICATED);
  }

  private void add(KeyModel key, PendingItem item) {
    assertThat(item.id()).as("the id of a new item").isGreaterThan(newest);
    newest = item.id();
    key.enqueued(item);
  }

  /** The key under which an item of this dedupe key waits; of two, the younger one's. */
  private @Nullable KeyModel keyOf(String dedupeKey) {
    return keys.values().stream()
        .filter(key -> youngest(key, dedupeKey) != null)
        .max(Comparator.comparingLong(key -> Objects.requireNonNull(youngest(key, dedupeKey)).id()))
        .orElse(null);
  }

  private static @Nullable PendingItem youngest(KeyModel key, String dedupeKey) {
    return key.waiting().stream()
        .filter(item -> dedupeKey.equals(item.dedupeKey()))
        .max(Comparator.comparingLong(PendingItem::id))
        .orElse(null);
  }

  Map<String, KeyModel> keys() {
    return keys;
  }

  /** The keys that could be claimed if their type were not paused, by their names. */
  Map<String, KeyModel> claimable() {
    Map<String, KeyModel> claimable = new TreeMap<>(keys);
    claimable.values().removeIf(key -> !key.isClaimable(now) || waits(key));
    return claimable;
  }

  void stepIsOver() {
    waits.look(this);
  }

  Waits.Wait waitOf(String key) {
    return waits.of(key);
  }

  /** Has nothing claimed; says whether that is news. */
  boolean pause() {
    boolean news = !paused;
    paused = true;
    return news;
  }

  /** Has all claimed again; says whether that is news. */
  boolean resume() {
    boolean news = paused;
    paused = false;
    return news;
  }

  boolean isPaused() {
    return paused;
  }

  /** Whether some key is kept only by an item that is not due. */
  boolean isAnyBlocked() {
    return keys.values().stream().anyMatch(key -> key.isBlocked(now));
  }

  boolean isAnyGathering() {
    return keys.values().stream().anyMatch(key -> key.isClaimable(now) && waits(key));
  }

  private boolean waits(KeyModel key) {
    return gathering != null && key.isGathering(gathering, flushed, now);
  }

  boolean isGatheredByTime(KeyModel key) {
    return gathering != null && key.hasTooFew(gathering, flushed);
  }

  void gather(@Nullable GatherTerms terms) {
    gathering = terms;
  }

  /** All items up to this one wait for no others; where none waits, nothing happens. */
  void flushAll() {
    if (gathering != null) {
      flushed = newest;
    }
  }

  void flush(String name) {
    if (gathering != null) {
      key(name).flush(newest);
    }
  }

  /** Drops what waits of a key, and says how many that is. */
  int cancelPending(String name) {
    return key(name).cancelled(now);
  }

  void renewed(String node) {
    leases.put(node, now.plus(LEASE));
  }

  boolean isExpired(String node) {
    return leases.getOrDefault(node, Duration.ZERO).compareTo(now) < 0;
  }

  /** The live claims of these nodes, the oldest first. */
  List<Held> held(Set<String> nodes) {
    return all()
        .filter(held -> nodes.contains(held.claim().id().node()))
        .sorted((one, other) -> Long.compare(fence(one), fence(other)))
        .toList();
  }

  Set<Long> fences(String node) {
    return held(Set.of(node)).stream().map(StoreModel::fence).collect(Collectors.toSet());
  }

  private Stream<Held> all() {
    return keys.values().stream().flatMap(key -> Stream.ofNullable(key.held()));
  }

  private static long fence(Held held) {
    return held.claim().id().fence();
  }

  int running() {
    return (int) all().count();
  }

  int pending() {
    return keys.values().stream().mapToInt(key -> key.pending().size()).sum();
  }

  /** Takes back all that has passed, and says what a reaper must have answered. */
  List<Reaped> reap() {
    List<Reaped> reaped = new ArrayList<>();
    for (KeyModel key : keys.values()) {
      Held held = key.held();
      if (held == null) {
        continue;
      }
      if (isExpired(held.claim().id().node())) {
        reaped.add(new Reaped(held.claim().id(), Reason.NODE_EXPIRED, key.crashed(now)));
      } else if (held.guardAt().compareTo(now) < 0) {
        reaped.add(new Reaped(held.claim().id(), Reason.GUARD_PASSED, key.guardPassed(now)));
      }
    }
    return reaped;
  }

  Map<Long, DeadItem> dead() {
    return dead;
  }

  void requeued(long id) {
    DeadItem item = dead.remove(id);
    if (item != null) {
      item.key().enqueued(item.item().requeued());
    }
  }

  void discarded(long id) {
    dead.remove(id);
  }
}
