package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guards that what a provider is paid for is counted: each run once, and why it is done again. */
class WorkCountsTest {

  private final CountDownLatch over = new CountDownLatch(1);

  @AfterEach
  void letGo() {
    over.countDown();
  }

  private static WorkCounts of(PoolFixture fixture) {
    return fixture.pool.work(PoolFixture.TYPE);
  }

  @Test
  void aPoolCountsTheTypesThatItServesFromItsStartOn() {
    PoolFixture fixture = PoolFixture.with((unit, run) -> Outcome.done()).build();
    assertThat(of(fixture)).isEqualTo(new WorkCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fixture.pool.work(ItemType.of("other", String.class)))
        .withMessageContaining("type 'other' is not served");
  }

  @Test
  void eachEndIsCountedForWhatItIs() {
    PoolFixture.Builder builder =
        PoolFixture.with(
                (unit, run) ->
                    switch (unit.key().substring(0, 4)) {
                      case "done" -> Outcome.done();
                      case "fail" -> throw new IllegalStateException("no");
                      case "dead" -> Outcome.deadLetter("no good");
                      case "disc" -> Outcome.discard("not wanted");
                      case "rele" -> Outcome.release(Duration.ofHours(1), "later");
                      default -> {
                        over.await();
                        yield Outcome.done();
                      }
                    })
            .limits(l -> l.timeout(Duration.ofSeconds(2)))
            .settings(p -> p.slots(4))
            .content(
                s -> {
                  for (int i = 0; i < 3; i++) {
                    s.put("done" + i, "");
                  }
                  s.put("fail1", "")
                      .put("fail2", "")
                      .put("dead", "")
                      .put("discard", "")
                      .put("release", "");
                  s.put("hang", "");
                });
    try (PoolFixture fixture = builder.start()) {
      PoolFixture.until(() -> fixture.store.written.size() >= 9);
      PoolFixture.until(() -> of(fixture).unitsTimedOut() == 1);

      WorkCounts counts = of(fixture);

      assertThat(counts.unitsStarted()).isGreaterThanOrEqualTo(9);
      assertThat(counts.itemsStarted()).isEqualTo(counts.unitsStarted());
      assertThat(counts.unitsCompleted()).isEqualTo(3);
      assertThat(counts.itemsCompleted()).isEqualTo(3);
      assertThat(counts.unitsFailed()).isEqualTo(2);
      assertThat(counts.itemsDeadLettered()).isEqualTo(1);
      assertThat(counts.unitsDiscarded()).isEqualTo(1);
      assertThat(counts.unitsReleased()).isEqualTo(1);
      assertThat(counts.runsEndedByForce()).isEqualTo(1);
      assertThat(counts.outcomesLost()).isZero();
    }
  }
}
