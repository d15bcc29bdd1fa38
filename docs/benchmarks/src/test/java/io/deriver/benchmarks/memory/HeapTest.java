package io.deriver.benchmarks.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Iterator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Guards that the heap is measured when it has come to rest. */
class HeapTest {

  private static final int LARGE = 8 << 20;

  private volatile byte[] held = {};

  @Test
  void looksOnUntilItIsNotLessThreeTimesInARow() {
    Iterator<Long> looks = LongStream.of(9, 7, 7, 8, 6, 6, 7, 6, 1).iterator();

    assertThat(Heap.least(looks::next)).isEqualTo(6);
    assertThat(looks.next()).isEqualTo(1);
  }

  @Test
  void countsWhatIsReachableAndNothingElse() {
    long before = Heap.used();
    held = new byte[LARGE];
    long with = Heap.used();
    held = new byte[0];

    assertThat(with - before).isBetween(LARGE - LARGE / 4L, LARGE + LARGE / 4L);
    assertThat(Heap.used() - before).isLessThan(LARGE / 4);
    assertThat(held).isEmpty();
  }
}
