package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.jdbc.Db;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that a connection that was cut off is not kept, and one that was not is left alone. */
class CutOffTest {

  private static final Duration GENEROUS = Duration.ofSeconds(20);

  @Test
  @DisplayName("who disarms it learns whether the connection was cut off before")
  void saysWhichCameFirst() throws Exception {
    try (SideThreads side = new SideThreads("test");
        TakenConnection cut =
            TakenConnection.from(Db.dataSource("postgres"), Duration.ZERO, false);
        TakenConnection kept =
            TakenConnection.from(Db.dataSource("postgres"), Duration.ZERO, false)) {
      CutOff passed = CutOff.after(side, 0, "cut", cut);
      CutOff disarmed = CutOff.after(side, TimeUnit.HOURS.toNanos(1), "kept", kept);
      await().atMost(GENEROUS).until(() -> cut.connection().isClosed());
      assertThat(passed.disarm()).isFalse();
      assertThat(disarmed.disarm()).isTrue();
      assertThat(kept.connection().isValid(1)).isTrue();
    }
  }
}
