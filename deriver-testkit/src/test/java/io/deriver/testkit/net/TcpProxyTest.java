package io.deriver.testkit.net;

import static io.deriver.testkit.Soon.soon;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Guards what becomes of connections through the proxy: passed on, cut, closed, and none left. */
class TcpProxyTest {

  private final LineServer server = new LineServer();
  private final TcpProxy proxy = TcpProxy.to("localhost", server.port());

  TcpProxyTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    proxy.close();
    server.close();
    soon().until(() -> proxy.open() == 0);
  }

  @Test
  void passesOnBothWays() throws Exception {
    try (LineClient client = new LineClient(proxy.port())) {
      assertThat(client.ask("one")).isEqualTo("re: one");
      assertThat(client.ask("two")).isEqualTo("re: two");
      assertThat(proxy.open()).isEqualTo(1);
    }
    soon().until(() -> proxy.open() == 0 && server.open() == 0);
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
      assertThat(client.ask("one")).isEqualTo("re: one");
      assertThat(failures).hasValueGreaterThan(3);
    }
  }

  @Test
  void closeEndsItsThreadsAndLetsGoOfTrapsThatAreSetLater() throws Exception {
    TcpProxy closing = TcpProxy.to("localhost", server.port());
    Trap before = closing.hold("held");
    try (LineClient client = new LineClient(closing.port())) {
      client.say("held");
      soon().until(() -> before.caught() == 1);

      closing.close();

      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("tcp-proxy-" + closing.port()))
          .isEmpty();
    }
    assertThat(closing.hold("later").isOver()).isTrue();
    assertThat(closing.freeze(Direction.TO_SERVER).isOver()).isTrue();
  }

  @Test
  void cutsAllThatAreOpenAndServesNewOnes() throws Exception {
    try (LineClient one = new LineClient(proxy.port());
        LineClient two = new LineClient(proxy.port())) {
      assertThat(one.ask("a") + two.ask("a")).isEqualTo("re: are: a");
      proxy.cutAll();
      assertThat(one.hear() + two.hear()).isEqualTo("(end)(end)");
    }
    try (LineClient three = new LineClient(proxy.port())) {
      assertThat(three.ask("b")).isEqualTo("re: b");
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
      soon().until(() -> between.open() == 0);
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
  void closeDropsWhatIsHeld() throws Exception {
    Trap trap = proxy.hold("claim");
    Trap frozen = proxy.freeze(Direction.TO_CLIENT);
    try (LineClient client = new LineClient(proxy.port());
        LineClient other = new LineClient(proxy.port())) {
      client.say("claim");
      other.say("renew");
      soon().until(() -> trap.holding() == 1 && frozen.holding() == 1);
      proxy.close();
      assertThat(client.hear() + other.hear()).isEqualTo("(end)(end)");
      soon().until(() -> trap.holding() == 0 && frozen.holding() == 0 && proxy.open() == 0);
      assertThat(server.heard()).containsExactly("renew");
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
        soon().until(() -> between.open() == 2);
        between.close();
        assertThat(client.hear() + next.hear()).isEqualTo("(end)(end)");
      }
      soon().until(() -> between.open() == 0);
    } finally {
      for (Socket one : backlog) {
        one.close();
      }
    }
  }

  @Test
  void saysWhichPortsThereAre() {
    assertThatThrownBy(() -> TcpProxy.to("localhost", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port is 0");
  }
}
