package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.ClaimRequest.TypeTerms;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** From where a claim reads: what is dead is read once a second, and what is late is found. */
class WatermarksTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final OffsetDateTime BOUND = AT.minusMillis(100).atOffset(ZoneOffset.UTC);
  private static final List<TypeTerms> TYPES =
      List.of(new TypeTerms("mail", Duration.ofMinutes(1), 1, 1_000, 5));
  private static final int LANE = 2;

  private final Watermarks watermarks = new Watermarks();

  private OffsetDateTime bound(long now) {
    return watermarks.bounds(TYPES, now)[LANE];
  }

  private boolean isZero(long now) {
    return bound(now).getYear() == 2000;
  }

  private void claimedAt(long now) {
    assertThat(isZero(now)).as("the first call reads all").isTrue();
    watermarks.claimed("mail", LANE, AT);
  }

  @Test
  @DisplayName("from the last claim on, less what two writers may differ, for a second")
  void fromTheLastClaimOn() {
    claimedAt(1);
    assertThat(bound(SECOND)).isEqualTo(BOUND);
    watermarks.claimed("mail", LANE, AT.minusSeconds(5));
    assertThat(bound(SECOND)).as("never backwards").isEqualTo(BOUND);
    assertThat(isZero(SECOND + 1)).isTrue();
    assertThat(isZero(SECOND + 2)).as("until the next claim").isTrue();
  }

  @Test
  @DisplayName("each lane of each type from its own")
  void eachLane() {
    TypeTerms chat = new TypeTerms("chat", Duration.ofMinutes(1), 1, 1_000, 5);
    List<TypeTerms> both = List.of(TYPES.get(0), chat);
    assertThat(watermarks.bounds(both, 1)).hasSize(2 * Lane.COUNT);
    for (int lane = 0; lane < Lane.COUNT; lane++) {
      watermarks.claimed("mail", lane, AT.plusSeconds(lane));
      watermarks.claimed("chat", lane, AT.plusSeconds(60 + lane));
    }
    OffsetDateTime[] bounds = watermarks.bounds(both, 2);
    for (int lane = 0; lane < Lane.COUNT; lane++) {
      assertThat(bounds[lane]).isEqualTo(BOUND.plusSeconds(lane));
      assertThat(bounds[Lane.COUNT + lane]).isEqualTo(BOUND.plusSeconds(60 + lane));
    }
  }

  @Test
  @DisplayName("from zero at once where nothing is found, and only then")
  void fromZero() {
    claimedAt(1);
    assertThat(watermarks.untilAll(2)).isZero();
    watermarks.forget();
    assertThat(isZero(2)).isTrue();
    assertThat(watermarks.untilAll(2)).as("it was from zero").isNull();
  }

  @Test
  @DisplayName("from where it was where nothing was found from zero, either")
  void restored() {
    claimedAt(1);
    watermarks.forget();
    assertThat(isZero(2)).isTrue();
    watermarks.restore(2);
    assertThat(bound(3)).isEqualTo(BOUND);
  }

  @Test
  @DisplayName(
      "not from zero again within a tenth of a second of a time in vain, but right after it")
  void notTwiceAtOnce() {
    claimedAt(1);
    watermarks.forget();
    assertThat(isZero(2)).isTrue();
    watermarks.restore(10);
    long tenth = SECOND / 10;
    assertThat(watermarks.untilAll(11)).isEqualTo(Duration.ofNanos(tenth - 1));
    assertThat(watermarks.untilAll(9 + tenth)).isEqualTo(Duration.ofNanos(1));
    assertThat(watermarks.untilAll(10 + tenth)).isZero();
  }

  @Test
  @DisplayName("from what was found late, where something was")
  void late() {
    claimedAt(1);
    watermarks.forget();
    assertThat(isZero(2)).isTrue();
    watermarks.claimed("mail", LANE, AT.minusSeconds(5));
    assertThat(bound(3)).isEqualTo(BOUND.minusSeconds(5));
  }
}
