package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A key is told to be drained once its last item has ended well, and not otherwise. */
class KeyDrainedTest {

  private static List<Class<?>> toldOf(Outcome outcome) {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> unit.key().equals("a") ? outcome : Outcome.done())
            .content(s -> s.put("a", ""))
            .start()) {
      PoolFixture.until(() -> !fixture.store.endsOf("a").isEmpty());
      fixture.store.put("b", "");
      // Events come in order, so that all of the first key were told before this one.
      PoolFixture.until(
          () ->
              fixture.events(PoolEvent.KeyDrained.class).stream()
                  .anyMatch(e -> e.claim().key().equals("b")));
      return fixture.events(PoolEvent.class).stream()
          .filter(event -> keyOf(event).equals("a"))
          .<Class<?>>map(PoolEvent::getClass)
          .toList();
    }
  }

  private static String keyOf(PoolEvent event) {
    if (event instanceof PoolEvent.UnitCompleted completed) {
      return completed.claim().key();
    } else if (event instanceof PoolEvent.UnitDiscarded discarded) {
      return discarded.claim().key();
    } else if (event instanceof PoolEvent.UnitDeadLettered dead) {
      return dead.claim().key();
    }
    return event instanceof PoolEvent.KeyDrained drained ? drained.claim().key() : "";
  }

  @Test
  void itIsToldAfterTheEndOfTheLastUnit() {
    assertThat(toldOf(Outcome.done()))
        .containsExactly(PoolEvent.UnitCompleted.class, PoolEvent.KeyDrained.class);
    assertThat(toldOf(Outcome.discard("of no use")))
        .containsExactly(PoolEvent.UnitDiscarded.class, PoolEvent.KeyDrained.class);
  }

  @Test
  void aStepTellsItToo() {
    assertThat(toldOf(Outcome.apply(new FakeStore.Step(() -> {}))))
        .containsExactly(PoolEvent.UnitCompleted.class, PoolEvent.KeyDrained.class);
  }

  @Test
  void aDeadLetterIsNoCleanEnd() {
    assertThat(toldOf(Outcome.deadLetter("no good")))
        .containsExactly(PoolEvent.UnitDeadLettered.class);
  }
}
