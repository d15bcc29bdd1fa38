package io.deriver.testkit.net;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.deriver.testkit.Caller;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that no connect to a full backlog completes, and that close frees port and callers. */
@Timeout(60)
class FullBacklogTest {

  @Test
  void letsNoConnectComplete() throws Exception {
    try (FullBacklog nobody = new FullBacklog();
        Socket patient = new Socket();
        Socket impatient = new Socket()) {
      Caller<String> hung = connect(patient, nobody);
      soon().until(() -> inConnect(hung.thread));

      assertThat(catchThrowable(() -> impatient.connect(nobody.address(), 150)))
          .isInstanceOf(SocketTimeoutException.class);
      hung.thread.interrupt();

      soon().during(ofMillis(150)).until(() -> inConnect(hung.thread));
      assertThat(patient.isConnected()).isFalse();
    }
  }

  @Test
  void refusesThoseWhoWaitOnceItIsClosedAndFreesThePort() throws Exception {
    FullBacklog nobody = new FullBacklog();
    try (Socket patient = new Socket()) {
      Caller<String> hung = connect(patient, nobody);
      soon().until(() -> inConnect(hung.thread));

      nobody.close();
      nobody.close();

      assertThat(hung.result)
          .failsWithin(ofSeconds(20))
          .withThrowableThat()
          .withCauseInstanceOf(IOException.class);
      try (ServerSocket again = new ServerSocket()) {
        again.setReuseAddress(true);
        again.bind(nobody.address());
        assertThat(again.isBound()).isTrue();
      }
    }
  }

  @Test
  void hangsAgainAndAgain() throws Exception {
    for (int i = 0; i < 5; i++) {
      try (FullBacklog nobody = new FullBacklog();
          Socket socket = new Socket()) {
        assertThat(nobody.baseUrl()).endsWith(":" + nobody.address().getPort());
        assertThat(catchThrowable(() -> socket.connect(nobody.address(), 50)))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  private static Caller<String> connect(Socket socket, FullBacklog to) {
    return new Caller<>(
        () -> {
          socket.connect(to.address());
          return "connected";
        });
  }

  private static boolean inConnect(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getMethodName().equals("connect") && frame.getClassName().contains("Net")) {
        return true;
      }
    }
    return false;
  }
}
