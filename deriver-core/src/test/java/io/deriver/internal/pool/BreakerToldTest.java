package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.BreakerPolicy;
import io.deriver.PoolEvent;
import io.deriver.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Guards that an outage of a provider is told once when it begins, and once when it is over. */
class BreakerToldTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void itsBeginningAndItsEndAreToldOnce() throws Exception {
    TestClock clock = new TestClock();
    List<PoolEvent> told = new CopyOnWriteArrayList<>();
    Events events = new Events("test", List.of(told::add));
    events.start();
    Breaker breaker = new Breaker("test", BreakerPolicy.standard(), clock, events, () -> {});
    for (String key : List.of("a", "b", "c", "d")) {
      long begun = clock.nanoTime();
      clock.advance(SECOND);
      boolean unused =
          breaker.excuses(new Breaker.Failure(key, 1, begun, clock.nanoTime(), true, "no " + key));
    }
    breaker.claimed();
    clock.advance(SECOND);
    breaker.succeeded(clock.nanoTime());
    breaker.succeeded(clock.nanoTime());
    events.stop(Duration.ofSeconds(5));
    assertThat(told)
        .containsExactly(
            new PoolEvent.BreakerOpened("test", 3, "no c"),
            new PoolEvent.BreakerClosed("test", SECOND.multipliedBy(2), 1));
  }
}
