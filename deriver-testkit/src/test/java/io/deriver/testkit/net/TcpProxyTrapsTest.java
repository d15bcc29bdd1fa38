package io.deriver.testkit.net;

import static io.deriver.testkit.Soon.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guards that a trap does what it is told, to the message that is meant and no other. */
class TcpProxyTrapsTest {

  private final LineServer server = new LineServer();
  private final TcpProxy proxy = TcpProxy.to("localhost", server.port());

  TcpProxyTrapsTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
    soon().until(() -> proxy.open() == 0);
  }

  @Test
  void holdsWhatItIsToldToHoldAndDeliversItLate() throws Exception {
    Trap trap = proxy.hold("claim", "now");
    try (LineClient held = new LineClient(proxy.port());
        LineClient other = new LineClient(proxy.port())) {
      assertThat(held.ask("claim later")).isEqualTo("re: claim later");
      held.say("claim now");
      soon().until(() -> trap.caught() == 1 && trap.holding() == 1);
      assertThat(other.ask("renew now")).isEqualTo("re: renew now");
      assertThat(held.hearsNothing()).isTrue();
      assertThat(server.heard()).doesNotContain("claim now");

      trap.letGo();

      assertThat(held.hear()).isEqualTo("re: claim now");
      assertThat(held.ask("claim now")).isEqualTo("re: claim now");
      assertThat(trap.caught()).isEqualTo(1);
      assertThat(trap.holding()).isZero();
    }
  }

  @Test
  void whatIsHeldArrivesEvenIfItsSenderHasGone() throws Exception {
    Trap trap = proxy.hold("claim");
    try (LineClient client = new LineClient(proxy.port())) {
      client.say("claim");
      soon().until(() -> trap.holding() == 1);
    }
    assertThat(server.heard()).isEmpty();
    trap.letGo();
    soon().until(() -> server.heard().contains("claim"));
    soon().until(() -> server.open() == 0);
  }

  @Test
  void holdsTheAnswerToWhatTheServerHasDone() throws Exception {
    Trap trap = proxy.holdAnswer("claim");
    try (LineClient client = new LineClient(proxy.port())) {
      client.say("claim");
      soon().until(() -> trap.holding() == 1);
      assertThat(server.heard()).containsExactly("claim");
      assertThat(client.hearsNothing()).isTrue();
      trap.letGo();
      assertThat(client.hear()).isEqualTo("re: claim");
    }
  }

  @Test
  void cutsBeforeTheServerHearsOfIt() throws Exception {
    Trap trap = proxy.cut(1, "claim");
    try (LineClient client = new LineClient(proxy.port());
        LineClient other = new LineClient(proxy.port())) {
      assertThat(other.ask("one")).isEqualTo("re: one");
      assertThat(client.ask("claim")).isEqualTo("(end)");
      assertThat(server.heard()).containsExactly("one");
      assertThat(other.ask("claim")).isEqualTo("re: claim");
      assertThat(trap.caught()).isEqualTo(1);
    }
  }

  @Test
  void cutsWhenTheServerHasAnswered() throws Exception {
    Trap trap = proxy.cutAnswer(2, "claim");
    for (int i = 1; i <= 2; i++) {
      try (LineClient client = new LineClient(proxy.port())) {
        assertThat(client.ask("claim")).isEqualTo("(end)");
        assertThat(trap.caught()).isEqualTo(i);
        assertThat(server.heard()).hasSize(i);
      }
    }
    try (LineClient client = new LineClient(proxy.port())) {
      assertThat(client.ask("claim")).isEqualTo("re: claim");
    }
  }

  @Test
  void cutsAtAnAnswerThatSaysSomething() throws Exception {
    Trap trap = proxy.cutAnswerSaying(1, "re: b");
    try (LineClient client = new LineClient(proxy.port());
        LineClient next = new LineClient(proxy.port())) {
      assertThat(client.ask("a")).isEqualTo("re: a");
      assertThat(client.ask("b")).isEqualTo("(end)");
      assertThat(next.ask("b")).isEqualTo("re: b");
      assertThat(trap.caught()).isEqualTo(1);
    }
  }

  @Test
  void freezesOneWayOrBothForEverybody() throws Exception {
    try (LineClient client = new LineClient(proxy.port())) {
      Trap asking = proxy.freeze(Direction.TO_SERVER);
      client.say("one");
      soon().until(() -> asking.holding() == 1);
      assertThat(server.heard()).isEmpty();
      asking.letGo();
      assertThat(client.hear()).isEqualTo("re: one");

      Trap answers = proxy.freeze(Direction.TO_CLIENT);
      client.say("two");
      soon().until(() -> answers.holding() == 1);
      assertThat(server.heard()).contains("two");
      assertThat(client.hearsNothing()).isTrue();
      answers.letGo();
      assertThat(client.hear()).isEqualTo("re: two");

      Trap both = proxy.freeze();
      try (LineClient late = new LineClient(proxy.port())) {
        late.say("three");
        soon().until(() -> both.holding() == 1);
        assertThat(server.heard()).doesNotContain("three");
        both.letGo();
        assertThat(late.hear()).isEqualTo("re: three");
      }
    }
  }

  @Test
  void delays() throws Exception {
    Duration by = Duration.ofMillis(300);
    Trap trap = proxy.delay(by, "slow");
    try (LineClient client = new LineClient(proxy.port())) {
      for (int i = 1; i <= 2; i++) {
        long before = System.nanoTime();
        assertThat(client.ask("slow")).isEqualTo("re: slow");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(by);
        assertThat(trap.caught()).isEqualTo(i);
      }
      trap.letGo();
      assertThat(client.ask("slow")).isEqualTo("re: slow");
      assertThat(trap.caught()).isEqualTo(2);
    }
  }

  @Test
  void delaysOneWayForEverybody() throws Exception {
    Duration by = Duration.ofMillis(300);
    for (Direction direction : Direction.values()) {
      Trap trap = proxy.delay(by, direction);
      try (LineClient client = new LineClient(proxy.port())) {
        for (int i = 1; i <= 2; i++) {
          long before = System.nanoTime();
          assertThat(client.ask("hello")).isEqualTo("re: hello");
          assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(by);
          assertThat(trap.caught()).isEqualTo(i);
        }
        trap.letGo();
        assertThat(client.ask("hello")).isEqualTo("re: hello");
        assertThat(trap.caught()).isEqualTo(2);
      }
    }
  }

  @Test
  void aTrapByStatementSaysThatItCannotSeeIntoWhatIsEncrypted() throws Exception {
    try (TcpProxy between = TcpProxy.toPostgres("localhost", server.port());
        LineClient client = new LineClient(between.port())) {
      Trap before = between.hold("claim");
      assertThat(before.caught()).isZero();
      // As a TLS handshake does, this begins with a byte that no message of Postgres begins with.
      assertThat(client.ask("hello")).isEqualTo("re: hello");
      for (Trap trap : List.of(before, between.cut(1, "later"))) {
        assertThatThrownBy(trap::caught)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("encrypted")
            .hasMessageContaining("sslmode=disable");
      }
      assertThat(between.freeze().caught()).as("it needs to see nothing").isZero();
    }
  }

  @Test
  void whatIsHeldArrivesThoughAnswersFindNobodyMeanwhile() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TcpProxy between = TcpProxy.to("localhost", listening.getLocalPort())) {
      Trap trap = between.hold("claim");
      Socket client = new Socket(InetAddress.getLoopbackAddress(), between.port());
      try (Socket server = listening.accept()) {
        server.setSoTimeout(20_000);
        client.getOutputStream().write("claim".getBytes(UTF_8));
        soon().until(() -> trap.holding() == 1);
        client.setSoLinger(true, 0);
        client.close();
        // The first of them fails, or the second, which finds out what came of the first.
        for (int i = 0; i < 20; i++) {
          server.getOutputStream().write("news".getBytes(UTF_8));
          assertThat(trap.holding()).isEqualTo(1);
          await().pollDelay(Duration.ofMillis(5)).until(() -> true);
        }
        trap.letGo();
        assertThat(new String(server.getInputStream().readNBytes(5), UTF_8)).isEqualTo("claim");
      }
      soon().until(() -> between.open() == 0);
    }
  }

  @Test
  void severalTrapsAtOneAnswerAllCatchIt() throws Exception {
    Trap held = proxy.holdAnswer("claim");
    Trap cut = proxy.cutAnswer(1, "claim");
    try (LineClient client = new LineClient(proxy.port())) {
      client.say("claim");
      soon().until(() -> held.holding() == 1);
      assertThat(cut.caught()).isZero();
      held.letGo();
      assertThat(client.hear()).isEqualTo("(end)");
      assertThat(cut.caught()).isEqualTo(1);
    }
  }

  @Test
  void saysWhatCannotBe() {
    assertThatThrownBy(() -> proxy.cut(0, "claim"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("times is 0");
    assertThatThrownBy(() -> proxy.delay(Duration.ofSeconds(-1), "claim"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("by is PT-1S");
    assertThatThrownBy(() -> proxy.delay(Duration.ofDays(365_000), "claim"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
