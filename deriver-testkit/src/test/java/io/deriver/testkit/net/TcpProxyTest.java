package io.deriver.testkit.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guards that the proxy does what it is told, on the connection that is meant and no other. */
class TcpProxyTest {

  private LineServer server;
  private TcpProxy proxy;

  @BeforeEach
  void open() throws IOException {
    server = new LineServer();
    proxy = TcpProxy.to("localhost", server.port());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
    until(() -> proxy.open() == 0);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(condition);
  }

  private static String asked(LineClient client, String line) throws IOException {
    client.say(line);
    return client.hear();
  }

  @Test
  void passesOnBothWays() throws Exception {
    try (LineClient client = new LineClient(proxy.port())) {
      assertThat(asked(client, "one")).isEqualTo("re: one");
      assertThat(asked(client, "two")).isEqualTo("re: two");
      assertThat(proxy.open()).isEqualTo(1);
    }
    until(() -> proxy.open() == 0 && server.open() == 0);
  }

  @Test
  void holdsWhatItIsToldToHoldAndDeliversItLate() throws Exception {
    Trap trap = proxy.hold("claim", "now");
    try (LineClient held = new LineClient(proxy.port());
        LineClient other = new LineClient(proxy.port())) {
      assertThat(asked(held, "claim later")).isEqualTo("re: claim later");
      held.say("claim now");
      until(() -> trap.caught() == 1 && trap.holding() == 1);
      assertThat(asked(other, "renew now")).isEqualTo("re: renew now");
      assertThat(held.hearsNothing()).isTrue();
      assertThat(server.heard()).doesNotContain("claim now");

      trap.letGo();

      assertThat(held.hear()).isEqualTo("re: claim now");
      assertThat(asked(held, "claim now")).isEqualTo("re: claim now");
      assertThat(trap.caught()).isEqualTo(1);
      assertThat(trap.holding()).isZero();
    }
  }

  @Test
  void whatIsHeldArrivesEvenIfItsSenderHasGone() throws Exception {
    Trap trap = proxy.hold("claim");
    try (LineClient client = new LineClient(proxy.port())) {
      client.say("claim");
      until(() -> trap.holding() == 1);
    }
    assertThat(server.heard()).isEmpty();
    trap.letGo();
    until(() -> server.heard().contains("claim"));
    until(() -> server.open() == 0);
  }

  @Test
  void holdsTheAnswerToWhatTheServerHasDone() throws Exception {
    Trap trap = proxy.holdAnswer("claim");
    try (LineClient client = new LineClient(proxy.port())) {
      client.say("claim");
      until(() -> trap.holding() == 1);
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
      assertThat(asked(other, "one")).isEqualTo("re: one");
      assertThat(asked(client, "claim")).isEqualTo("(end)");
      assertThat(server.heard()).containsExactly("one");
      assertThat(asked(other, "claim")).isEqualTo("re: claim");
      assertThat(trap.caught()).isEqualTo(1);
    }
  }

  @Test
  void cutsWhenTheServerHasAnswered() throws Exception {
    Trap trap = proxy.cutAnswer(2, "claim");
    for (int i = 1; i <= 2; i++) {
      try (LineClient client = new LineClient(proxy.port())) {
        assertThat(asked(client, "claim")).isEqualTo("(end)");
        assertThat(trap.caught()).isEqualTo(i);
        assertThat(server.heard()).hasSize(i);
      }
    }
    try (LineClient client = new LineClient(proxy.port())) {
      assertThat(asked(client, "claim")).isEqualTo("re: claim");
    }
  }

  @Test
  void cutsAtAnAnswerThatSaysSomething() throws Exception {
    Trap trap = proxy.cutAnswerSaying(1, "re: b");
    try (LineClient client = new LineClient(proxy.port());
        LineClient next = new LineClient(proxy.port())) {
      assertThat(asked(client, "a")).isEqualTo("re: a");
      assertThat(asked(client, "b")).isEqualTo("(end)");
      assertThat(asked(next, "b")).isEqualTo("re: b");
      assertThat(trap.caught()).isEqualTo(1);
    }
  }

  @Test
  void freezesOneWayOrBothForEverybody() throws Exception {
    try (LineClient client = new LineClient(proxy.port())) {
      Trap asking = proxy.freeze(Direction.TO_SERVER);
      client.say("one");
      until(() -> asking.holding() == 1);
      assertThat(server.heard()).isEmpty();
      asking.letGo();
      assertThat(client.hear()).isEqualTo("re: one");

      Trap answers = proxy.freeze(Direction.TO_CLIENT);
      client.say("two");
      until(() -> answers.holding() == 1);
      assertThat(server.heard()).contains("two");
      assertThat(client.hearsNothing()).isTrue();
      answers.letGo();
      assertThat(client.hear()).isEqualTo("re: two");

      Trap both = proxy.freeze();
      try (LineClient late = new LineClient(proxy.port())) {
        late.say("three");
        until(() -> both.holding() == 1);
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
        assertThat(asked(client, "slow")).isEqualTo("re: slow");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(by);
        assertThat(trap.caught()).isEqualTo(i);
      }
      trap.letGo();
      assertThat(asked(client, "slow")).isEqualTo("re: slow");
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
          assertThat(asked(client, "hello")).isEqualTo("re: hello");
          assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(by);
          assertThat(trap.caught()).isEqualTo(i);
        }
        trap.letGo();
        assertThat(asked(client, "hello")).isEqualTo("re: hello");
        assertThat(trap.caught()).isEqualTo(2);
      }
    }
  }

  @Test
  void cutsOneWayAndTheOtherGoesOn() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TcpProxy between = TcpProxy.to("localhost", listening.getLocalPort());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), between.port());
        Socket server = listening.accept()) {
      client.setSoTimeout(20_000);
      server.setSoTimeout(20_000);
      between.cutAll(Direction.TO_CLIENT);
      assertThat(client.getInputStream().read()).as("an end").isEqualTo(-1);
      for (int i = 0; i < 3; i++) {
        server.getOutputStream().write("lost".getBytes(UTF_8));
        client.getOutputStream().write("question".getBytes(UTF_8));
        assertThat(new String(server.getInputStream().readNBytes(8), UTF_8)).isEqualTo("question");
      }
      between.cutAll(Direction.TO_SERVER);
      assertThat(server.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void goesOnServingAfterAnAcceptThatFailed() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    ServerSocket failing =
        new ServerSocket(0, 5, InetAddress.getLoopbackAddress()) {
          @Override
          public Socket accept() throws IOException {
            if (failures.incrementAndGet() <= 3) {
              throw new SocketException("Too many open files");
            }
            return super.accept();
          }
        };
    try (TcpProxy between = TcpProxy.started("localhost", server.port(), true, failing);
        LineClient client = new LineClient(between.port())) {
      assertThat(asked(client, "one")).isEqualTo("re: one");
      assertThat(failures).hasValueGreaterThan(3);
    }
  }

  @Test
  void aTrapByStatementSaysThatItCannotSeeIntoWhatIsEncrypted() throws Exception {
    try (TcpProxy between = TcpProxy.toPostgres("localhost", server.port());
        LineClient client = new LineClient(between.port())) {
      Trap before = between.hold("claim");
      assertThat(before.caught()).isZero();
      // As a TLS handshake does, this begins with a byte that no message of Postgres begins with.
      assertThat(asked(client, "hello")).isEqualTo("re: hello");
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
  void cutsAllThatAreOpenAndServesNewOnes() throws Exception {
    try (LineClient one = new LineClient(proxy.port());
        LineClient two = new LineClient(proxy.port())) {
      assertThat(asked(one, "a") + asked(two, "a")).isEqualTo("re: are: a");
      proxy.cutAll();
      assertThat(one.hear() + two.hear()).isEqualTo("(end)(end)");
    }
    try (LineClient three = new LineClient(proxy.port())) {
      assertThat(asked(three, "b")).isEqualTo("re: b");
    }
  }

  @Test
  void closeDropsWhatIsHeld() throws Exception {
    Trap trap = proxy.hold("claim");
    Trap frozen = proxy.freeze(Direction.TO_CLIENT);
    try (LineClient client = new LineClient(proxy.port());
        LineClient other = new LineClient(proxy.port())) {
      client.say("claim");
      other.say("renew");
      until(() -> trap.holding() == 1 && frozen.holding() == 1);
      proxy.close();
      assertThat(client.hear() + other.hear()).isEqualTo("(end)(end)");
      until(() -> trap.holding() == 0 && frozen.holding() == 0 && proxy.open() == 0);
      assertThat(server.heard()).containsExactly("renew");
    }
  }

  @Test
  void aServerThatIsNotThereIsAConnectionThatEnds() throws Exception {
    server.close();
    try (LineClient client = new LineClient(proxy.port())) {
      assertThat(client.hear()).isEqualTo("(end)");
    }
  }

  @Test
  void aSideThatHasSaidAllStillHears() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TcpProxy between = TcpProxy.to("localhost", listening.getLocalPort());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), between.port());
        Socket server = listening.accept()) {
      client.setSoTimeout(20_000);
      server.setSoTimeout(20_000);
      client.getOutputStream().write("question".getBytes(UTF_8));
      client.shutdownOutput();
      assertThat(new String(server.getInputStream().readAllBytes(), UTF_8)).isEqualTo("question");
      server.getOutputStream().write("answer".getBytes(UTF_8));
      server.shutdownOutput();
      assertThat(new String(client.getInputStream().readAllBytes(), UTF_8)).isEqualTo("answer");
      until(() -> between.open() == 0);
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
        until(() -> trap.holding() == 1);
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
      until(() -> between.open() == 0);
    }
  }

  @Test
  void severalTrapsAtOneAnswerAllCatchIt() throws Exception {
    Trap held = proxy.holdAnswer("claim");
    Trap cut = proxy.cutAnswer(1, "claim");
    try (LineClient client = new LineClient(proxy.port())) {
      client.say("claim");
      until(() -> held.holding() == 1);
      assertThat(cut.caught()).isZero();
      held.letGo();
      assertThat(client.hear()).isEqualTo("(end)");
      assertThat(cut.caught()).isEqualTo(1);
    }
  }

  @Test
  void leavesNoThreadBehindThoughTheServerNeverAccepts() throws Exception {
    List<Socket> backlog = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      boolean room = true;
      while (room) {
        Socket one = new Socket();
        backlog.add(one);
        try {
          one.connect(full.getLocalSocketAddress(), 500);
        } catch (SocketTimeoutException noRoom) {
          room = false;
        }
      }
      TcpProxy between = TcpProxy.to("localhost", full.getLocalPort());
      try (LineClient client = new LineClient(between.port());
          LineClient next = new LineClient(between.port())) {
        until(() -> between.open() == 2);
        between.close();
        assertThat(client.hear() + next.hear()).isEqualTo("(end)(end)");
      }
      until(() -> between.open() == 0);
    } finally {
      for (Socket one : backlog) {
        one.close();
      }
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

  @Test
  void saysWhichPortsThereAre() {
    assertThatThrownBy(() -> TcpProxy.to("localhost", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port is 0");
  }
}
