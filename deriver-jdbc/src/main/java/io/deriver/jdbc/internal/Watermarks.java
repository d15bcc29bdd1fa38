package io.deriver.jdbc.internal;

import io.deriver.spi.ClaimRequest.TypeTerms;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From where a claim reads each lane of a type. What was claimed leaves dead index entries behind,
 * and a claim that begins at the first of them gets slower as long as some transaction holds an old
 * snapshot. Stamps can become visible out of order, so at most a second later everything is read
 * once, and where nothing else is found as soon as that is not a tenth of a second after the last
 * time in vain. Used by one thread.
 */
final class Watermarks {

  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

  /** Work that comes often, a little at a time, would else have all that is dead read each time. */
  private static final Duration AFTER_ONE_IN_VAIN = Duration.ofMillis(100);

  /** Two writers commit in another order than they stamped, usually within this. */
  private static final Duration SLACK = Duration.ofMillis(100);

  /** Far below any stamp, and inside what every driver and server can read. */
  private static final OffsetDateTime ZERO =
      OffsetDateTime.of(2000, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private Map<String, @Nullable Instant[]> from = new HashMap<>();
  private Map<String, @Nullable Instant[]> forgotten = new HashMap<>();
  private long lastSweep;
  private @Nullable Long lastInVain;

  /** The lower bounds for a call now, lane by lane, type by type. */
  OffsetDateTime[] bounds(List<TypeTerms> types, long nowNanos) {
    if (lastSweep == 0 || nowNanos - lastSweep >= SWEEP_INTERVAL.toNanos()) {
      lastSweep = nowNanos == 0 ? 1 : nowNanos;
      from.clear();
    }
    OffsetDateTime[] bounds = new OffsetDateTime[types.size() * Lane.COUNT];
    for (int t = 0; t < types.size(); t++) {
      @Nullable Instant[] lanes = from.get(types.get(t).type());
      for (int lane = 0; lane < Lane.COUNT; lane++) {
        Instant at = lanes == null ? null : lanes[lane];
        bounds[t * Lane.COUNT + lane] =
            at == null ? ZERO : at.minus(SLACK).atOffset(ZoneOffset.UTC);
      }
    }
    return bounds;
  }

  /**
   * In how long everything is to be read, after a call that found nothing: zero for at once; null
   * if that call did.
   */
  @Nullable Duration untilAll(long nowNanos) {
    if (from.isEmpty()) {
      return null;
    }
    long gone = lastInVain == null ? Long.MAX_VALUE : nowNanos - lastInVain;
    return Duration.ofNanos(Math.max(0, AFTER_ONE_IN_VAIN.toNanos() - gone));
  }

  /** The next call reads everything. */
  void forget() {
    forgotten = from;
    from = new HashMap<>();
  }

  /**
   * From there nothing was found, either: what was known stands, and the next call need not read
   * all that is dead.
   */
  void restore(long nowNanos) {
    from = forgotten;
    lastInVain = nowNanos;
  }

  /** A key with this stamp was claimed from this lane. */
  void claimed(String type, int lane, Instant availableAt) {
    @Nullable Instant[] lanes = from.computeIfAbsent(type, t -> new Instant[Lane.COUNT]);
    Instant known = lanes[lane];
    if (known == null || known.isBefore(availableAt)) {
      lanes[lane] = availableAt;
    }
  }
}
