package io.deriver.testkit.store.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Priority;
import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.StoredItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is true of one key, in the plainest code that says so. Times are since the beginning. */
final class KeyModel {

  /** From here on a unit that was done lets the next be of any size. */
  private static final int GROWN = 50;

  private final Map<Long, DeadItem> dead;
  private final List<PendingItem> pending = new ArrayList<>();
  private final Map<String, Integer> ended = new HashMap<>();
  private Duration availableAt = Duration.ZERO;
  private int attempts;
  private int maxAttempts;
  private int size;
  private int time;
  private int drops;
  private boolean fresh = true;
  private long flushed;
  private Standing standing = Standing.REGULAR;
  private @Nullable Held held;

  /**
   * @param dead where items go that are set aside
   */
  KeyModel(Map<Long, DeadItem> dead) {
    this.dead = dead;
  }

  void enqueued(PendingItem item) {
    if (pending.isEmpty()) {
      time++;
    }
    pending.add(item);
  }

  /** The items that no claim holds. */
  List<PendingItem> waiting() {
    return pending.subList(held == null ? 0 : held.claim().items().size(), pending.size());
  }

  /** It may be the first alone of which the attempts were. */
  void dropped(PendingItem item, Duration now) {
    if (item.equals(pending.get(0))) {
      attempts = 0;
      ended.clear();
    }
    drops++;
    pending.remove(item);
    forgetIfDrained(now);
  }

  /** All that no claim holds is dropped; says how many that is. */
  int cancelled(Duration now) {
    List<PendingItem> waiting = waiting();
    int dropped = waiting.size();
    waiting.clear();
    forgetIfDrained(now);
    return dropped;
  }

  void replaced(PendingItem item, PendingItem by) {
    pending.set(
        pending.indexOf(item),
        new PendingItem(
            item.id(),
            by.payload(),
            by.variant(),
            item.priority(),
            item.dedupeKey(),
            item.at(),
            item.due()));
  }

  List<Long> pending() {
    return pending.stream().map(PendingItem::id).toList();
  }

  /** For which time it waits: it begins to with its first item, and where a claim ends. */
  int time() {
    return time;
  }

  /** How many of its items were dropped: another came to its head, or it has too few again. */
  int drops() {
    return drops;
  }

  /** The highest of its items. */
  Priority priority() {
    return pending.stream().map(PendingItem::priority).min(Comparator.naturalOrder()).orElseThrow();
  }

  Standing standing() {
    return standing;
  }

  @Nullable Held held() {
    return held;
  }

  boolean isClaimable(Duration now) {
    return held == null
        && !pending.isEmpty()
        && availableAt.compareTo(now) <= 0
        && pending.get(0).due().compareTo(now) <= 0;
  }

  /** Whether it waits for more items, which it does if it has begun anew and has too few. */
  boolean isGathering(GatherTerms terms, long flushed, Duration now) {
    return hasTooFew(terms, flushed) && oldest().plus(terms.maxWait()).compareTo(now) > 0;
  }

  /**
   * Whether it would wait, had its oldest item not waited long enough.
   *
   * @param allFlushed up to which item all keys were flushed
   */
  boolean hasTooFew(GatherTerms terms, long allFlushed) {
    long upTo = Math.max(flushed, allFlushed);
    return fresh
        && !pending.isEmpty()
        && pending.size() < Math.min(terms.minWeight(), terms.maxItems())
        && pending.stream().map(PendingItem::variant).distinct().count() == 1
        && pending.stream().noneMatch(item -> item.id() <= upTo);
  }

  private Duration oldest() {
    return pending.stream().map(PendingItem::at).min(Duration::compareTo).orElseThrow();
  }

  /** The items up to this one wait for no others; where there is none, nothing happens. */
  void flush(long newest) {
    if (!pending.isEmpty()) {
      flushed = newest;
    }
  }

  /** Whether only an item that is not due keeps those behind it. */
  boolean isBlocked(Duration now) {
    return held == null
        && pending.size() > 1
        && pending.get(0).due().compareTo(now) > 0
        && pending.get(1).due().compareTo(now) <= 0;
  }

  boolean isShrunk() {
    return size > 0;
  }

  /** Says that a claim of this key is the one that it must be. */
  void claimed(Claim claim, Step.Claim terms, Duration now, Duration guardAt) {
    attempts++;
    fresh = false;
    assertThat(claim.attempt()).as("attempt").isEqualTo(attempts);
    assertThat(claim.standing()).as("standing").isEqualTo(standing);
    assertThat(claim.items())
        .extracting(StoredItem::id)
        .as("items of the claim")
        .isEqualTo(pending().subList(0, sizeOfUnit(terms.items(), now)));
    assertThat(claim.items())
        .extracting(StoredItem::payload)
        .as("payloads of the claim")
        .isEqualTo(pending.stream().limit(claim.items().size()).map(PendingItem::json).toList());
    held = new Held(claim, guardAt);
    maxAttempts = terms.attempts();
  }

  /** How old the oldest item of the live claim is. */
  Duration ageOfClaim(Duration now) {
    return now.minus(
        pending.stream()
            .limit(Objects.requireNonNull(held).claim().items().size())
            .map(PendingItem::at)
            .min(Comparator.naturalOrder())
            .orElseThrow());
  }

  private int sizeOfUnit(int maxItems, Duration now) {
    int most = size > 0 ? Math.min(size, maxItems) : maxItems;
    String variant = pending.get(0).variant();
    return 1
        + (int)
            pending.stream()
                .limit(most)
                .skip(1)
                .takeWhile(item -> item.variant().equals(variant) && item.due().compareTo(now) <= 0)
                .count();
  }

  /** Its holder has ended the claim. */
  void ended(ClaimEnd end, Duration now) {
    List<Long> items = let();
    availableAt = now;
    if (end instanceof ClaimEnd.Completed) {
      drop(items);
      int grown = size < GROWN ? 2 * size : 0;
      startAnew();
      size = grown;
      forgetIfDrained(now);
    } else if (end instanceof ClaimEnd.Retried retried) {
      count(name(retried.cause()));
      shrink(items.size());
      standing = retried.cause() == Cause.TIMEOUT ? Standing.PROBATION : Standing.REGULAR;
      availableAt = now.plus(retried.delay());
    } else if (end instanceof ClaimEnd.Released released) {
      count("released");
      attempts--;
      ClaimEnd.Failure failure = released.failure();
      if (failure != null) {
        standing = failure.cause() == Cause.TIMEOUT ? Standing.PROBATION : Standing.REGULAR;
      }
      availableAt = now.plus(released.delay());
    } else if (end instanceof ClaimEnd.DeadLettered letters) {
      count(name(letters.cause()));
      bury(items);
      if (letters.cause() == Cause.TIMEOUT) {
        goOnHung();
      }
    } else if (end instanceof ClaimEnd.Split split) {
      split(split, now);
    }
  }

  private void split(ClaimEnd.Split split, Duration now) {
    drop(split.done());
    Map<String, Integer> before = Map.copyOf(ended);
    int attemptsBefore = attempts;
    if (!split.dead().isEmpty()) {
      count("failure");
      setAside(split.dead().keySet());
    }
    startAnew();
    ClaimEnd.Rest rest = split.rest();
    if (rest != null) {
      if (rest.goesOn()) {
        attempts = attemptsBefore;
        ended.putAll(before);
      } else {
        attempts = 1;
      }
      count("failure");
      fresh = false;
      availableAt = now.plus(rest.delay());
    }
    forgetIfDrained(now);
  }

  /** The claim was taken back since its node's lease had passed. Says whether its item is dead. */
  boolean crashed(Duration now) {
    Claim lost = Objects.requireNonNull(held).claim();
    List<Long> items = let();
    availableAt = now;
    count("crash");
    if (lost.standing() != Standing.SUSPECT) {
      attempts--;
      size = items.size();
    } else if (items.size() == 1 && attempts >= maxAttempts) {
      bury(items);
      return true;
    } else {
      shrink(items.size());
    }
    standing = Standing.SUSPECT;
    return false;
  }

  /** The claim was taken back since its guard had passed. Says whether its item is dead. */
  boolean guardPassed(Duration now) {
    List<Long> items = let();
    availableAt = now;
    count("guard");
    if (items.size() == 1 && attempts >= maxAttempts) {
      bury(items);
      goOnHung();
      return true;
    }
    shrink(items.size());
    standing = Standing.PROBATION;
    return false;
  }

  private List<Long> let() {
    List<Long> items =
        Objects.requireNonNull(held).claim().items().stream().map(StoredItem::id).toList();
    held = null;
    time++;
    return items;
  }

  private void shrink(int items) {
    size = attempts + 1 >= maxAttempts ? 1 : Math.max(1, items / 2);
  }

  private void bury(List<Long> items) {
    setAside(Set.copyOf(items));
    startAnew();
  }

  private void setAside(Set<Long> items) {
    for (PendingItem item : pending) {
      if (items.contains(item.id())) {
        dead.put(item.id(), new DeadItem(this, item, attempts, Map.copyOf(ended)));
      }
    }
    drop(items);
  }

  private void drop(Collection<Long> items) {
    pending.removeIf(item -> items.contains(item.id()));
  }

  private void goOnHung() {
    if (!pending.isEmpty()) {
      attempts = maxAttempts - 1;
      fresh = false;
      size = 1;
      standing = Standing.PROBATION;
    }
  }

  private void startAnew() {
    attempts = 0;
    fresh = true;
    size = 0;
    standing = Standing.REGULAR;
    ended.clear();
  }

  /** Of a key without items nothing is remembered. */
  private void forgetIfDrained(Duration now) {
    if (pending.isEmpty()) {
      startAnew();
      flushed = 0;
      availableAt = now;
    }
  }

  private void count(String how) {
    ended.merge(how, 1, Integer::sum);
  }

  private static String name(Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return pending.stream().map(item -> String.valueOf(item.id())).collect(Collectors.joining(","));
  }

  /** The live claim. */
  record Held(Claim claim, Duration guardAt) {}

  /** An item that has not ended. */
  record PendingItem(
      long id,
      String payload,
      String variant,
      Priority priority,
      @Nullable String dedupeKey,
      Duration at,
      Duration due) {

    String json() {
      return '"' + payload + '"';
    }

    /** It as it comes back from the dead letters: as old as it was, and never deduped. */
    PendingItem requeued() {
      return new PendingItem(id, payload, variant, priority, null, at, Duration.ZERO);
    }
  }

  /** An item that was set aside, of this key, after so many attempts that ended so. */
  record DeadItem(KeyModel key, PendingItem item, int attempts, Map<String, Integer> ended) {}
}
