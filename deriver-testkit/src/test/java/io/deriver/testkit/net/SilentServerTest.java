package io.deriver.testkit.net;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.Caller;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards that a handshake with a silent server hangs, and that close ends connections and thread.
 */
@Timeout(60)
class SilentServerTest {

  @Test
  void answersNoHandshakeUntilItIsClosed() throws Exception {
    SilentServer server = new SilentServer();
    assertThat(server.httpsUrl()).endsWith(":" + server.address().getPort());
    List<Caller<String>> hung = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      hung.add(new Caller<>(() -> handshake(server)));
    }
    assertThat(server.awaitConnections(8, ofSeconds(20))).isTrue();
    assertThat(server.awaitConnections(9, ofMillis(10))).isFalse();
    hung.forEach(caller -> soon().until(() -> inHandshake(caller.thread)));
    hung.forEach(caller -> caller.thread.interrupt());
    soon().during(ofMillis(150)).until(() -> hung.stream().allMatch(c -> inHandshake(c.thread)));

    server.close();
    server.close();

    for (Caller<String> caller : hung) {
      assertThat(caller.result)
          .failsWithin(ofSeconds(20))
          .withThrowableThat()
          .withCauseInstanceOf(IOException.class);
    }
    assertThat(server.connectionCount()).isEqualTo(8);
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("silent-server-" + server.address().getPort()));
    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(server.address());
      assertThat(again.isBound()).isTrue();
    }
  }

  private static String handshake(SilentServer server) throws IOException {
    try (SSLSocket socket =
        (SSLSocket)
            SSLSocketFactory.getDefault()
                .createSocket(server.address().getAddress(), server.address().getPort())) {
      socket.startHandshake();
      return "shaken";
    }
  }

  private static boolean inHandshake(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getMethodName().equals("startHandshake")) {
        return true;
      }
    }
    return false;
  }
}
