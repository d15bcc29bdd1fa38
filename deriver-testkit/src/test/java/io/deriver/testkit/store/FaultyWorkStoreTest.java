package io.deriver.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.StoreException;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.FaultyWorkStore.Call;
import io.deriver.testkit.store.FaultyWorkStore.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that an injected fault does to a call what it says, and to no other call anything. */
@Timeout(60)
class FaultyWorkStoreTest {

  private static final ItemType<String> MAILS = ItemType.of("mail", String.class);

  private final InMemoryWorkStore memory = new InMemoryWorkStore();
  private final FaultyWorkStore faulty = new FaultyWorkStore(memory);
  private final NodeStore node = faulty.join(spec());

  @Test
  void withoutFaultsItIsTheStoreBehindIt() throws Exception {
    memory.enqueueAll(List.of(Item.of(MAILS, "a", "x"), Item.of(MAILS, "b", "x")));
    List<Claim> claims = claim(2);

    assertThat(node.renew().held()).hasSize(2);
    assertThat(node.reap().reaped()).isEmpty();
    node.probe();
    assertThat(complete(claims.get(0))).isEqualTo(WriteAnswer.DRAINED);
    assertThat(apply(claims.get(1))).isEqualTo(WriteAnswer.DRAINED);
    assertThat(memory.counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    assertThat(faulty.calls(Call.CLAIM)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Call.class)
  void aFailedCallThrowsAndTheOthersGoOn(Call call) throws Exception {
    memory.enqueue(Item.of(MAILS, "key", "x"));
    Claim claim = claim(1).get(0);
    faulty.inject(call, Fault.FAIL);

    for (Call other : Call.values()) {
      if (other == call) {
        assertThatThrownBy(() -> make(other, claim))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("injected fault: the call " + call);
      } else if (other != Call.WRITE && other != Call.APPLY) {
        make(other, claim);
      }
    }
    assertThat(memory.counts()).isEqualTo(new StoreCounts(1, 1, 1, 0));
    faulty.heal();
    make(call, claim);
  }

  @Test
  void aFaultIsUsedUpAfterSoManyTimes() {
    faulty.inject(Call.PROBE, Fault.FAIL, 2);

    assertThatThrownBy(node::probe).isInstanceOf(StoreException.class);
    assertThatThrownBy(node::probe).isInstanceOf(StoreException.class);
    node.probe();
    assertThat(faulty.calls(Call.PROBE)).isEqualTo(3);
  }

  @Test
  void aLostAnswerTookEffect() {
    memory.enqueue(Item.of(MAILS, "key", "x"));
    faulty.inject(Call.CLAIM, Fault.LOSE_ANSWER, 1);

    assertThatThrownBy(() -> claim(1)).isInstanceOf(StoreException.class);

    assertThat(node.renew().held()).hasSize(1);
    assertThat(claim(1)).isEmpty();
  }

  @Test
  void aLostAnswerToAWriteCanBeToldAsSuch() throws Exception {
    memory.enqueueAll(List.of(Item.of(MAILS, "a", "x"), Item.of(MAILS, "b", "x")));
    List<Claim> claims = claim(2);
    faulty.inject(Call.WRITE, Fault.ANSWER_LOST);
    faulty.inject(Call.APPLY, Fault.ANSWER_LOST);

    assertThat(complete(claims.get(0))).isEqualTo(WriteAnswer.LOST);
    assertThat(apply(claims.get(1))).isEqualTo(WriteAnswer.LOST);

    assertThat(memory.counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    faulty.heal();
    assertThat(complete(claims.get(0))).isEqualTo(WriteAnswer.REFUSED);
  }

  @Test
  void aHangingCallIgnoresInterruptsAndTakesEffectWhenHealed() throws Exception {
    memory.enqueue(Item.of(MAILS, "key", "x"));
    faulty.inject(Call.CLAIM, Fault.HANG);
    CompletableFuture<Boolean> interruptedAfter = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              claim(1);
              interruptedAfter.complete(Thread.currentThread().isInterrupted());
            });
    thread.start();
    await().until(() -> faulty.hung(Call.CLAIM) == 1);

    thread.interrupt();
    await().until(() -> thread.getState() == Thread.State.WAITING && !thread.isInterrupted());
    assertThat(faulty.hung(Call.CLAIM)).isEqualTo(1);
    assertThat(memory.counts().claimedKeys()).isZero();
    faulty.heal(Call.CLAIM);

    assertThat(interruptedAfter.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(memory.counts().claimedKeys()).isEqualTo(1);
    assertThat(faulty.hung(Call.CLAIM)).isZero();
  }

  @Test
  void closingTheNodeEndsItsHangingCallsAndNoOthers() {
    NodeStore other = faulty.join(spec());
    faulty.inject(Call.RENEW, Fault.HANG);
    CompletableFuture<?> ours = onAThreadOfItsOwn(node::renew);
    CompletableFuture<?> others = onAThreadOfItsOwn(other::renew);
    await().until(() -> faulty.hung(Call.RENEW) == 2);

    node.close();

    assertThat(ours)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableOfType(ExecutionException.class);
    assertThat(faulty.hung(Call.RENEW)).isEqualTo(1);
    faulty.heal();
    assertThat(others).succeedsWithin(Duration.ofSeconds(30));
  }

  @Test
  void nodesRemarkWhatTheyAreTold() {
    assertThat(node.remarks()).isEmpty();

    faulty.remark(List.of("shares its connections"));

    assertThat(node.remarks()).containsExactly("shares its connections");
  }

  @Test
  void onlyWritesHaveAnAnswerThatSaysLost() {
    assertThatThrownBy(() -> faulty.inject(Call.REAP, Fault.ANSWER_LOST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the call REAP has no answer LOST; only WRITE and APPLY do");
    assertThatThrownBy(() -> faulty.inject(Call.REAP, Fault.FAIL, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("times is 0; it must be at least 1");
  }

  private void make(Call call, Claim claim) throws Exception {
    switch (call) {
      case JOIN -> faulty.join(spec()).close();
      case CLAIM -> claim(1);
      case WRITE -> complete(claim);
      case APPLY -> apply(claim);
      case RENEW -> node.renew();
      case REAP -> node.reap();
      case PROBE -> node.probe();
    }
  }

  private List<Claim> claim(int keys) {
    TypeTerms terms = new TypeTerms("mail", Duration.ofHours(1), 10, 1_000, 3);
    return node.claim(new ClaimRequest(List.of(terms), keys, keys, keys)).claims();
  }

  private WriteAnswer complete(Claim claim) {
    return node.write(List.of(new OutcomeWrite(claim.id(), new ClaimEnd.Completed()))).get(0);
  }

  private WriteAnswer apply(Claim claim) throws Exception {
    InMemoryStep nothing = transaction -> {};
    return node.apply(claim.id(), nothing, new LiveGate());
  }

  private static CompletableFuture<Void> onAThreadOfItsOwn(Runnable work) {
    return CompletableFuture.runAsync(work, body -> new Thread(body, "hangs").start());
  }

  private static NodeSpec spec() {
    return new NodeSpec("faulty", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(10));
  }

  /** The gate of a run that is live. */
  private static final class LiveGate implements NodeStore.ApplyGate {
    @Override
    public void onCancel(AutoCloseable abort) {}

    @Override
    public boolean close() {
      return true;
    }
  }
}
