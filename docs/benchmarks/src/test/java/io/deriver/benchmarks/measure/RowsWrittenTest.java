package io.deriver.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowsWrittenTest {

  private final RowsWritten before = new RowsWritten(10, 20, 5, 1);

  @Test
  void ofAWhile() {
    RowsWritten since = new RowsWritten(15, 60, 15, 11).since(before);

    assertThat(since).isEqualTo(new RowsWritten(5, 40, 10, 10));
    assertThat(since.all()).isEqualTo(55);
    assertThat(since.dead()).isEqualTo(50);
    assertThat(since.hotShare()).isEqualTo(0.25);
  }

  @Test
  void withoutAnUpdateNoneTouchedNoIndex() {
    assertThat(before.since(before).hotShare()).isNull();
  }

  @Test
  void deadRowsAreToldOfAnItem() {
    Phase work = new Phase(100, 1, 1.0, 1, 1.0, false);

    assertThat(new Sample(null, work, 1, new RowsWritten(0, 100, 0, 50)).deadRows()).isEqualTo(1.5);
    assertThat(new Sample(null, work, 1, null).deadRows()).isNull();
  }
}
