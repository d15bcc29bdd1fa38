package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Invariants 1, 2 and 4: a claim that waits for a slot is one run's or goes back, and is known. */
class ClaimedAheadTest {

  private static final Duration KEEP = Duration.ofSeconds(15);
  private static final Set<String> TYPES = Set.of("test");

  private final TestClock clock = new TestClock();
  private final List<String> back = new ArrayList<>();
  private boolean mayStart = true;
  private final ClaimedAhead ahead = ahead(8);

  private ClaimedAhead ahead(int most) {
    return new ClaimedAhead(
        most, KEEP, clock, type -> mayStart, (run, why) -> back.add(run.fence() + " " + why));
  }

  private void add(long... fences) {
    for (long fence : fences) {
      Run run = TestRuns.run(clock, fence, limits -> {});
      ahead.add(run.claim(), run.served(), clock.nanoTime());
    }
  }

  @Test
  void theFirstThatCameIsTheNextToStart() {
    add(2, 3, 1);
    List<Long> started = new ArrayList<>();
    while (ahead.next(run -> started.add(run.fence())) != null) {}
    assertThat(started).containsExactly(1L, 2L, 3L);
    assertThat(ahead.isEmpty()).isTrue();
  }

  @Test
  void oneThatIsNotLetInGoesOnWaiting() {
    add(1);
    assertThat(ahead.next(run -> false)).isNull();
    assertThatThrownBy(
            () ->
                ahead.next(
                    run -> {
                      throw new OutOfMemoryError("staged");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(ahead.fences()).containsExactly(1L);
    assertThat(ahead.next(run -> true)).isNotNull();
  }

  /** Else the lease keeper could see it nowhere, twice, and give back what a run works. */
  @Test
  void itWaitsHereUntilItIsInTheOtherRegistry() {
    add(1);
    assertThat(ahead.next(run -> ahead.fences().contains(1L))).isNotNull();
    assertThat(ahead.fences()).isEmpty();
  }

  @Test
  void moreMayComeOnceHalfAreGone() {
    add(1, 2, 3, 4);
    assertThat(ahead.isLow()).isTrue();
    assertThat(ahead.room(TYPES)).isEqualTo(4);
    add(5);
    assertThat(ahead.isLow()).isFalse();
    assertThat(ahead.room(TYPES)).isZero();
    assertThat(ahead.count("test")).isEqualTo(5);
    assertThat(ahead.count("other")).isZero();
  }

  @Test
  void noneMayComeWhileUnitsOfAnyTypeMayNotStart() {
    mayStart = false;
    assertThat(ahead.room(TYPES)).isZero();
  }

  @Test
  void whereNoneMayWaitThereIsNoRoom() {
    ClaimedAhead none = ahead(0);
    assertThat(none.room(TYPES)).isZero();
    assertThat(none.isLow()).isFalse();
  }

  @Test
  void oneThatHasWaitedForAsLongAsItMayGoesBackAndStartsNoMore() {
    add(1);
    clock.advance(Duration.ofSeconds(1));
    add(2);
    clock.advance(KEEP.minusSeconds(1).minusNanos(1));
    ahead.giveBackUnwanted();
    assertThat(back).isEmpty();
    assertThat(ahead.untilTooLate(KEEP)).isEqualTo(Duration.ofNanos(1));
    clock.advance(Duration.ofNanos(1));
    assertThat(ahead.untilTooLate(KEEP)).isZero();
    List<Long> started = new ArrayList<>();
    ahead.next(run -> started.add(run.fence()));
    assertThat(started).as("the first is too old").containsExactly(2L);
    ahead.giveBackUnwanted();
    assertThat(back).containsExactly("1 NO_SLOT");
    assertThat(ahead.untilTooLate(KEEP)).isEqualTo(KEEP);
  }

  @Test
  void whatIsNotToStartGoesBack() {
    add(1, 2);
    mayStart = false;
    assertThat(ahead.next(run -> true)).isNull();
    ahead.giveBackUnwanted();
    assertThat(back).containsExactly("1 NO_SLOT", "2 NO_SLOT");
    assertThat(ahead.isEmpty()).isTrue();
  }

  @Test
  void oneOrAllGoBackWhenTheyAreToldTo() {
    add(1, 2, 3, 4);
    assertThat(ahead.giveBack(2, RunEnd.Reason.LEASE_LOST)).isTrue();
    assertThat(ahead.giveBack(2, RunEnd.Reason.LEASE_LOST)).isFalse();
    assertThat(ahead.giveBack("test", "key3", RunEnd.Reason.CANCELLED)).isTrue();
    assertThat(ahead.giveBack("other", "key1", RunEnd.Reason.CANCELLED)).isFalse();
    ahead.giveBackAll(RunEnd.Reason.DRAINED);
    assertThat(back).containsExactly("2 LEASE_LOST", "3 CANCELLED", "1 DRAINED", "4 DRAINED");
  }

  @Test
  void eachIsTakenOnceWhoeverAsks() throws Exception {
    int claims = 20_000;
    ConcurrentLinkedQueue<Long> taken = new ConcurrentLinkedQueue<>();
    ClaimedAhead raced =
        new ClaimedAhead(claims, KEEP, clock, type -> true, (run, why) -> taken.add(run.fence()));
    for (long fence = 1; fence <= claims; fence++) {
      Run run = TestRuns.run(clock, fence, limits -> {});
      raced.add(run.claim(), run.served(), clock.nanoTime());
    }
    CountDownLatch together = new CountDownLatch(4);
    List<Thread> threads = new ArrayList<>();
    for (int n = 0; n < 4; n++) {
      boolean givesBack = n == 3;
      Thread thread =
          new Thread(
              () -> {
                together.countDown();
                awaitQuietly(together);
                while (!raced.isEmpty()) {
                  if (givesBack) {
                    raced.fences().stream()
                        .limit(1)
                        .forEach(fence -> raced.giveBack(fence, RunEnd.Reason.DRAINED));
                  } else {
                    raced.next(run -> taken.add(run.fence()));
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(taken).hasSize(claims);
    assertThat(new HashSet<>(taken)).hasSize(claims);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
