package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.spi.ClaimBatch;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that who found nothing looks at everything soon, whatever is due later. */
class ClaimResultTest {

  private static final Duration WAIT = Duration.ofMillis(100);

  private static @Nullable Duration due(@Nullable Duration next) {
    return new ClaimCall.Result(new ClaimBatch(List.of(), next), List.of())
        .dueWithin(WAIT)
        .batch()
        .nextDue();
  }

  @Test
  @DisplayName("in that time at the latest, and sooner if something is due")
  void dueWithin() {
    assertThat(due(null)).isEqualTo(WAIT);
    assertThat(due(Duration.ofHours(1))).isEqualTo(WAIT);
    assertThat(due(Duration.ofMillis(20))).isEqualTo(Duration.ofMillis(20));
  }
}
