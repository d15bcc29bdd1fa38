package io.deriver.soak.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Guards that a snapshot is read as Postgres means it. */
class SnapshotTest {

  @Test
  void seesWhatHadEnded() {
    Snapshot snapshot = Snapshot.parse("10:14:10,12");
    assertThat(snapshot.sees(9)).isTrue();
    assertThat(snapshot.sees(10)).isFalse();
    assertThat(snapshot.sees(11)).isTrue();
    assertThat(snapshot.sees(12)).isFalse();
    assertThat(snapshot.sees(13)).isTrue();
    assertThat(snapshot.sees(14)).isFalse();
  }

  @Test
  void withNothingRunningSeesAllBefore() {
    Snapshot snapshot = Snapshot.parse("10:10:");
    assertThat(snapshot.sees(9)).isTrue();
    assertThat(snapshot.sees(10)).isFalse();
  }
}
