package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Invariant 8: how long a node can be sure of its lease, whichever call renewed it. */
class LeaseProofTest {

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final TestClock clock = new TestClock();
  private final LeaseProof lease = new LeaseProof(LEASE, clock);

  @Test
  void itIsProvenFromItsBeginningOnToTheNanosecond() {
    assertThat(lease.expired()).isFalse();
    clock.advance(LEASE.minusNanos(1));
    assertThat(lease.expired()).isFalse();
    assertThat(lease.age()).isEqualTo(LEASE.minusNanos(1));
    clock.advance(Duration.ofNanos(1));
    assertThat(lease.expired()).isTrue();
  }

  @Test
  void aCallProvesItFromTheMomentInWhichItBegan() {
    clock.advance(Duration.ofSeconds(1));
    long began = clock.nanoTime();
    clock.advance(Duration.ofSeconds(10));
    lease.provenAt(began);
    assertThat(lease.age()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anEarlierCallWhoseAnswerComesLaterTakesNothingBack() {
    long earlier = clock.nanoTime();
    clock.advance(Duration.ofSeconds(1));
    lease.provenAt(clock.nanoTime());
    lease.provenAt(earlier);
    assertThat(lease.age()).isZero();
  }

  @Test
  void oneThatHasExpiredCanBeProvenAgain() {
    clock.advance(LEASE);
    lease.provenAt(clock.nanoTime());
    assertThat(lease.expired()).isFalse();
  }
}
