package io.deriver.testkit.store.history;

import io.deriver.spi.GatherTerms;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.ReapReport.Reason;
import io.deriver.testkit.store.history.KeyModel.DeadItem;
import io.deriver.testkit.store.history.KeyModel.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private @Nullable GatherTerms gathering;
  private long flushed;
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

  Map<String, KeyModel> keys() {
    return keys;
  }

  List<KeyModel> claimable() {
    return keys.values().stream().filter(key -> key.isClaimable(now) && !waits(key)).toList();
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
  void flushAll(long newest) {
    if (gathering != null) {
      flushed = newest;
    }
  }

  void flush(String name, long newest) {
    if (gathering != null) {
      key(name).flush(newest);
    }
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
      item.key().enqueued(id, item.variant(), item.at(), Duration.ZERO);
    }
  }

  void discarded(long id) {
    dead.remove(id);
  }
}
