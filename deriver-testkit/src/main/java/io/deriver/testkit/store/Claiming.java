package io.deriver.testkit.store;

import io.deriver.spi.Claim;
import io.deriver.spi.Claim.Standing;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of a node's claim: which keys it gets, and when the next becomes due. */
final class Claiming {

  private static final Comparator<Head> OLDEST_FIRST =
      Comparator.comparing(Head::claimableAt).thenComparing(Head::turn);
  private static final Comparator<Head> HIGHEST_FIRST =
      Comparator.comparing(Head::priority).thenComparing(OLDEST_FIRST);

  private final Ledger ledger;
  private final String node;
  private final Instant now;
  private final Comparator<Head> order;
  private final Map<Standing, Integer> room = new EnumMap<>(Standing.class);
  private final List<Claim> claims = new ArrayList<>();

  /**
   * @param oldestFirst whatever their priority
   */
  Claiming(Ledger ledger, String node, ClaimRequest request, boolean oldestFirst) {
    this.ledger = ledger;
    this.node = node;
    this.now = ledger.now();
    this.order = oldestFirst ? OLDEST_FIRST : HIGHEST_FIRST;
    room.put(Standing.REGULAR, request.maxKeys());
    room.put(Standing.PROBATION, request.probation());
    room.put(Standing.SUSPECT, request.suspects());
  }

  ClaimBatch claim(ClaimRequest request) {
    for (TypeTerms terms : request.types()) {
      int room = Math.min(terms.maxKeys(), terms.maxRunning() - ledger.claimed(terms.type()));
      claim(terms, Math.min(request.maxKeys() - claims.size(), room));
    }
    return new ClaimBatch(
        claims, nextDue(request.types().stream().map(TypeTerms::type).distinct().toList()));
  }

  private void claim(TypeTerms terms, int atMost) {
    List<Head> waiting = ledger.unclaimed(List.of(terms.type()));
    waiting.removeIf(
        head -> ledger.paused().contains(terms.type()) || head.claimableAt().isAfter(now));
    waiting.sort(order);
    int taken = 0;
    for (Head head : waiting) {
      if (taken < atMost && takeRoom(head.standing())) {
        claims.add(take(head, terms));
        taken++;
      }
    }
  }

  private boolean takeRoom(Standing standing) {
    int left = room.getOrDefault(standing, 0);
    room.put(standing, left - 1);
    return left > 0;
  }

  private Claim take(Head head, TypeTerms terms) {
    Standing standing = head.standing();
    long fence = ledger.nextFence();
    UnitSize size = head.take(fence, node, terms, now);
    return new Claim(
        new ClaimId(head.of().type(), head.of().key(), fence, node),
        Ledger.attemptOf(head),
        standing,
        head.claimedItems().stream().map(PendingItem::stored).toList(),
        size.cut(),
        ageOf(head));
  }

  private Duration ageOf(Head head) {
    return head.claimedItems().stream()
        .map(item -> Duration.between(item.stored().enqueuedAt(), now))
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private @Nullable Duration nextDue(List<String> types) {
    return ledger.unclaimed(types).stream()
        .filter(head -> !ledger.paused().contains(head.of().type()))
        .map(Head::claimableAt)
        .filter(at -> at.isAfter(now))
        .min(Comparator.naturalOrder())
        .map(at -> Duration.between(now, at))
        .orElse(null);
  }
}
