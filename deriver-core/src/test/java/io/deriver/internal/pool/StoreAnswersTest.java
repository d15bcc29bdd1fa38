package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.FakeStore;
import io.deriver.TestClock;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Invariant 11: health says when the store last answered each duty, and hides no answer. */
class StoreAnswersTest {

  private static final ClaimRequest REQUEST =
      new ClaimRequest(
          List.of(new ClaimRequest.TypeTerms("test", Duration.ofMinutes(10), 1, 1, 5)), 1, 1, 1);

  private final TestClock clock = new TestClock();
  private final FakeStore store = new FakeStore();
  private final StoreAnswers answers = new StoreAnswers(store, clock);

  private void assertAnsweredNow(String duty) {
    assertThat(answers.since(duty)).hasValue(Duration.ZERO);
    clock.advance(Duration.ofSeconds(3));
    assertThat(answers.since(duty)).hasValue(Duration.ofSeconds(3));
  }

  @Test
  void eachCallIsPassedOnAndItsAnswerNoted() {
    store.put("a", "");
    assertThat(answers.since(Rooms.DISPATCHER)).isEmpty();
    Claim claim = answers.claim(REQUEST).claims().get(0);
    assertAnsweredNow(Rooms.DISPATCHER);
    assertThat(answers.since(Rooms.OUTCOME_WRITER)).isEmpty();
    assertThat(answers.renew().held()).containsExactly(claim.id().fence());
    assertAnsweredNow(Rooms.LEASE_KEEPER);
    assertThat(answers.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))))
        .singleElement()
        .matches(answer -> answer != WriteAnswer.REFUSED);
    assertAnsweredNow(Rooms.OUTCOME_WRITER);
    assertThat(answers.reap()).isSameAs(store.nextReap);
    assertAnsweredNow(Rooms.REAPER);
  }

  @Test
  void aCallThatFailsIsNoAnswer() {
    answers.reap();
    clock.advance(Duration.ofSeconds(3));
    store.onReap =
        () -> {
          throw new StoreException("down", null);
        };
    assertThatThrownBy(answers::reap).isInstanceOf(StoreException.class);
    assertThat(answers.since(Rooms.REAPER)).hasValue(Duration.ofSeconds(3));
  }

  @Test
  void theOtherCallsArePassedOnToo() throws Exception {
    assertThat(answers.nodeId()).isEqualTo("node-1");
    store.put("a", "");
    Claim claim = answers.claim(REQUEST).claims().get(0);
    assertThat(answers.giveBack(Set.of(claim.id().fence()))).containsExactly(claim.id());
    answers.probe();
    assertThat(store.probes).hasValue(1);
    AtomicInteger hints = new AtomicInteger();
    answers.onHint(hints::incrementAndGet);
    store.hintNow();
    assertThat(hints).hasValue(1);
    Claim again = answers.claim(REQUEST).claims().get(0);
    NodeStore.ApplyGate gate =
        new NodeStore.ApplyGate() {
          @Override
          public void onCancel(AutoCloseable abort) {}

          @Override
          public boolean close() {
            return true;
          }
        };
    assertThat(answers.apply(again.id(), new FakeStore.Step(() -> {}), gate))
        .isEqualTo(WriteAnswer.DRAINED);
    assertThat(store.isEmpty()).isTrue();
    store.remarks = List.of("one connection is missing");
    assertThat(answers.remarks()).isEqualTo(store.remarks);
    answers.close();
    assertThat(store.closes).hasValue(1);
  }
}
