package io.deriver.testkit.store;

import io.deriver.Priority;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimRequest.TypeTerms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the store knows of one key: its items in order, its past, and its claim if it has one. */
final class Head {

  private static final int REMEMBERED_ERRORS = 100;
  private static final int GROWN = 50;

  private final TypeKey of;
  private final Gatherings gatherings;
  private final List<PendingItem> items = new ArrayList<>();
  private final List<ErrorEntry> errors = new ArrayList<>();
  private final Map<String, Integer> ended = new HashMap<>();
  private Instant availableAt;
  private long turn;
  private int attempts;
  private int mostNext;
  private boolean fresh = true;
  private long flushed;
  private Standing standing = Standing.REGULAR;
  private @Nullable HeldClaim claim;
  private boolean cancelled;

  Head(TypeKey of, Gatherings gatherings, Instant availableAt, long turn) {
    this.of = of;
    this.gatherings = gatherings;
    this.availableAt = availableAt;
    this.turn = turn;
  }

  TypeKey of() {
    return of;
  }

  void append(PendingItem item) {
    items.add(item);
  }

  List<PendingItem> items() {
    return List.copyOf(items);
  }

  /** The highest of its items. */
  Priority priority() {
    return items.stream()
        .map(PendingItem::priority)
        .min(Comparator.naturalOrder())
        .orElse(Priority.NORMAL);
  }

  /** The items that no claim holds. */
  List<PendingItem> waiting() {
    return List.copyOf(items.subList(claim == null ? 0 : claim.taken(), items.size()));
  }

  void replace(PendingItem item, PendingItem by) {
    items.set(items.indexOf(item), by);
  }

  /** Drops one that no claim holds; of the first the key's attempts may have been, of it alone. */
  void remove(PendingItem item) {
    if (item.equals(items.get(0))) {
      attempts = 0;
      errors.clear();
      ended.clear();
    }
    items.remove(item);
  }

  /** Drops all items that no claim holds. */
  void dropWaiting() {
    items.subList(claim == null ? 0 : claim.taken(), items.size()).clear();
  }

  boolean isDrained() {
    return items.isEmpty();
  }

  List<ErrorEntry> errors() {
    return List.copyOf(errors);
  }

  Standing standing() {
    return standing;
  }

  @Nullable HeldClaim claim() {
    return claim;
  }

  /** An operator wants the live claim's run ended; says whether there is one. */
  boolean cancel() {
    cancelled = claim != null;
    return cancelled;
  }

  boolean isCancelled() {
    return cancelled;
  }

  boolean isHeldBy(long fence, String node) {
    return claim != null && claim.fence() == fence && claim.node().equals(node);
  }

  /**
   * When the key can be claimed: an item that is not due holds back all behind it, and a key that
   * has begun anew may wait for more items.
   */
  Instant claimableAt() {
    Instant due = later(items.get(0).dueAt(), availableAt);
    return fresh ? later(due, gatherings.waitsUntil(of.type(), items, flushed)) : due;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Items that are there wait for no others. */
  void flush(long newestItem) {
    flushed = newestItem;
  }

  long turn() {
    return turn;
  }

  /** Takes the claim, counts the attempt, and says how many items it is for. */
  UnitSize take(long fence, String node, TypeTerms terms, Instant now) {
    UnitSize size = UnitSize.of(items, mostNext, terms, now);
    attempts++;
    fresh = false;
    claim =
        new HeldClaim(
            fence,
            node,
            attempts,
            standing,
            size.items(),
            now.plus(terms.guard()),
            terms.maxAttempts());
    return size;
  }

  /** The items of the live claim. */
  List<PendingItem> claimedItems() {
    return List.copyOf(items.subList(0, held().taken()));
  }

  /** Drops those of the claim's items for which this holds. */
  void removeClaimed(Predicate<PendingItem> which) {
    items.subList(0, held().taken()).removeIf(which);
  }

  /** The claim is over, its items are done; what is left of the key grows to its full units. */
  void goOn(Instant now, long turn) {
    int next = mostNext < GROWN ? 2 * mostNext : 0;
    startAnew(now, turn);
    mostNext = next;
  }

  /** The claim is over; what is left of the key starts anew. */
  void startAnew(Instant now, long turn) {
    free(now, turn);
    attempts = 0;
    fresh = true;
    mostNext = 0;
    standing = Standing.REGULAR;
    errors.clear();
    ended.clear();
  }

  /** An item hung to its last attempt: those behind it get one each, alone, until one is done. */
  void goOnHung(int maxAttempts) {
    attempts = maxAttempts - 1;
    fresh = false;
    mostNext = 1;
    standing = Standing.PROBATION;
  }

  /** The claim is over, some of its items ended; the rest has the past of the unit. */
  void goOnAsBefore(Instant availableAt, long turn) {
    free(availableAt, turn);
    mostNext = 0;
    standing = Standing.REGULAR;
  }

  /** What started anew has failed once already. */
  void countFirstAttempt() {
    attempts = 1;
    fresh = false;
  }

  /** The claim is over, its attempt stays counted, and fewer of the same items come again. */
  void tryAgain(Instant availableAt, long turn, Standing standing) {
    HeldClaim failed = held();
    boolean last = failed.attempt() + 1 >= failed.maxAttempts();
    mostNext = last ? 1 : Math.max(1, failed.taken() / 2);
    free(availableAt, turn);
    this.standing = standing;
  }

  /** The claim is over and its attempt does not count. */
  void release(Instant availableAt, long turn, Standing standing) {
    count("released");
    giveBack(availableAt, turn);
    this.standing = standing;
  }

  private void giveBack(Instant availableAt, long turn) {
    free(availableAt, turn);
    attempts = Math.max(0, attempts - 1);
  }

  private void count(String how) {
    ended.merge(how, 1, Integer::sum);
  }

  Map<String, Integer> ended() {
    return Map.copyOf(ended);
  }

  /**
   * The claim is over because its process is, and its unit may be why; the same items come again.
   */
  void suspect(Instant now, long turn) {
    mostNext = held().taken();
    giveBack(now, turn);
    standing = Standing.SUSPECT;
  }

  /** Whether the claim was the last attempt of one item alone. */
  boolean isLastAttempt() {
    return held().taken() == 1 && held().attempt() >= held().maxAttempts();
  }

  /** A failure that counts. */
  void remember(ErrorEntry error) {
    count(error.cause());
    note(error);
  }

  /** A failure that is held against nobody, or counted elsewhere. */
  void note(ErrorEntry error) {
    errors.add(error);
    if (errors.size() > REMEMBERED_ERRORS) {
      errors.remove(0);
    }
  }

  private void free(Instant availableAt, long turn) {
    this.claim = null;
    this.cancelled = false;
    this.availableAt = availableAt;
    this.turn = turn;
  }

  private HeldClaim held() {
    return Objects.requireNonNull(claim, "the key is not claimed");
  }
}
