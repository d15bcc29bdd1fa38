package io.deriver.testkit.catalogue;

import static io.deriver.testkit.Soon.soon;
import static io.deriver.testkit.catalogue.ProviderCall.ANSWERED;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.Caller;
import io.deriver.testkit.llm.PromptDigest;
import io.deriver.testkit.llm.ThreadHang;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Plays all shapes side by side, two of each that hangs, and lets one of each pair go: the other
 * hangs on, and then is the only one to recover.
 */
@Timeout(180)
class EveryShapeAtOnceTest {

  private static final Duration LONG = ofSeconds(60);

  @Test
  void providersDoNotDisturbOneAnother() throws Exception {
    List<HangingProvider> closed = providers();
    List<HangingProvider> kept = providers();
    List<ProviderCall> ended = call(closed);
    List<ProviderCall> hung = call(kept);

    closed.forEach(HangingProvider::close);

    for (ProviderCall call : ended) {
      soon().atMost(LONG).until(() -> !call.caller.thread.isAlive());
    }
    assertThat(hung).allSatisfy(call -> assertThat(call.caller.result).isNotDone());
    for (HangingProvider provider : kept) {
      assertThat(provider.awaitMet(1, Duration.ZERO)).as("%s", provider.shape()).isTrue();
      provider.recover();
      try (ProviderCall later = ProviderCall.to(provider)) {
        assertThat(later.caller.result).succeedsWithin(LONG).isEqualTo(ANSWERED);
      }
      provider.close();
    }
    for (ProviderCall call : hung) {
      soon().atMost(LONG).until(() -> !call.caller.thread.isAlive());
      call.close();
    }
    for (ProviderCall call : ended) {
      call.close();
    }
  }

  private static List<HangingProvider> providers() {
    return HangingProviderTest.hanging().map(HangingProvider::of).toList();
  }

  private static List<ProviderCall> call(List<HangingProvider> providers) throws Exception {
    List<ProviderCall> calls = new ArrayList<>();
    for (HangingProvider provider : providers) {
      calls.add(ProviderCall.to(provider));
    }
    for (HangingProvider provider : providers) {
      assertThat(provider.awaitMet(1, LONG)).as("%s", provider.shape()).isTrue();
      assertThat(provider.awaitMet(2, Duration.ZERO)).as("%s", provider.shape()).isFalse();
    }
    return calls;
  }

  @Test
  void clientsDoNotDisturbOneAnother() throws Exception {
    // Those that spin take a core each, and are there once.
    List<HangingClient> closed =
        HangingClientTest.hanging()
            .filter(variant -> variant != ThreadHang.CPU_SPIN && variant != ThreadHang.REGEX_SPIN)
            .map(HangingClient::of)
            .toList();
    List<HangingClient> kept = HangingClientTest.hanging().map(HangingClient::of).toList();
    List<Caller<String>> ended = ask(closed);
    List<Caller<String>> hung = ask(kept);

    closed.forEach(HangingClient::close);

    for (Caller<String> caller : ended) {
      soon().atMost(LONG).until(() -> !caller.thread.isAlive());
    }
    assertThat(hung).allSatisfy(caller -> assertThat(caller.result).isNotDone());
    for (HangingClient client : kept) {
      assertThat(client.awaitMet(1, Duration.ZERO)).as("%s", client.variant()).isTrue();
      client.recover();
      assertThat(client.complete("later")).isEqualTo(PromptDigest.of("later").summary());
    }
    assertThat(hung).allSatisfy(caller -> assertThat(caller.result).isNotDone());
    kept.forEach(HangingClient::close);
    for (Caller<String> caller : hung) {
      soon().atMost(LONG).until(() -> !caller.thread.isAlive());
    }
  }

  private static List<Caller<String>> ask(List<HangingClient> clients) throws Exception {
    List<Caller<String>> callers = new ArrayList<>();
    for (HangingClient client : clients) {
      callers.add(new Caller<>(() -> client.complete("first")));
    }
    for (HangingClient client : clients) {
      assertThat(client.awaitMet(1, LONG)).as("%s", client.variant()).isTrue();
      assertThat(client.awaitMet(2, Duration.ZERO)).as("%s", client.variant()).isFalse();
    }
    return callers;
  }
}
