package io.deriver.testkit.llm;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that the fake server's close leaves no socket, no thread and no port behind. */
@Timeout(60)
class FakeLlmServerCloseTest {

  private static final int CALLS = 8;
  private static final List<Dialect> DIALECTS = List.of(Dialect.values());

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RETRY_AFTER_DAYS", "STREAM_TRUNCATED", "REUSED_CONNECTION_HANGS"})
  void letsGoOfEveryHang(ServerHang shape) throws Exception {
    FakeLlmServer server = new FakeLlmServer().otherwise(Reply.hang(shape)).start();
    int port = URI.create(server.baseUrl()).getPort();
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      RawClient client = new RawClient(server);
      client.send(Calls.raw(DIALECTS.get(i % DIALECTS.size()), i % 2 == 0, "any"));
      clients.add(client);
    }
    assertThat(server.awaitHanging(CALLS, ofSeconds(20))).isTrue();
    assertThat(threadsOf(port)).hasSize(CALLS + 1);

    server.close();
    server.close();

    assertThat(threadsOf(port)).isEmpty();
    assertThat(server.hanging()).isEmpty();
    assertThat(server.openConnections()).isZero();
    assertThat(server.requests()).hasSize(CALLS);
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
        .isInstanceOf(IOException.class);
    for (RawClient client : clients) {
      assertThat(endsWithin20Seconds(client)).isTrue();
      client.close();
    }
    try (ServerSocket again = new ServerSocket()) {
      again.setReuseAddress(true);
      again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      assertThat(again.isBound()).isTrue();
    }
  }

  @Test
  void letsGoOfDelaysAndOfConnectionsThatWaitForACall() throws Exception {
    FakeLlmServer server =
        new FakeLlmServer().otherwise(Reply.after(ofHours(1), Reply.answer())).start();
    int port = URI.create(server.baseUrl()).getPort();
    try (RawClient silent = new RawClient(server);
        RawClient delayed = new RawClient(server)) {
      delayed.send(Calls.raw(Dialect.OPENAI, true, "any"));
      soon().until(() -> server.requestCount() == 1 && server.openConnections() == 2);

      server.close();

      assertThat(threadsOf(port)).isEmpty();
      assertThat(endsWithin20Seconds(silent)).isTrue();
      assertThat(endsWithin20Seconds(delayed)).isTrue();
    }
  }

  @Test
  void leaksNoFileHandleOverManyServers() throws Exception {
    assumeThat(ManagementFactory.getOperatingSystemMXBean())
        .isInstanceOf(UnixOperatingSystemMXBean.class);
    startHangAndClose();
    long before = openHandles();
    for (int i = 0; i < 50; i++) {
      startHangAndClose();
    }
    soon().untilAsserted(() -> assertThat(openHandles()).isLessThan(before + 20));
  }

  @Test
  void isHarmlessBeforeTheStart() {
    FakeLlmServer server = new FakeLlmServer();
    server.close();
    assertThatThrownBy(server::start).isInstanceOf(IllegalStateException.class);
  }

  private static void startHangAndClose() throws Exception {
    try (FakeLlmServer server =
            new FakeLlmServer().otherwise(Reply.hang(ServerHang.BODY_STALLS)).start();
        RawClient client = new RawClient(server)) {
      client.send(Calls.raw(Dialect.ANTHROPIC, true, "any"));
      assertThat(server.awaitHanging(1, ofSeconds(20))).isTrue();
    }
  }

  /** Whether the server's side is closed, be it with an end of file or a reset. */
  private static boolean endsWithin20Seconds(RawClient client) {
    try {
      client.readWhatComesWithin(ofSeconds(20));
      return !client.isOpen();
    } catch (IOException reset) {
      return true;
    }
  }

  private static long openHandles() {
    return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getOpenFileDescriptorCount();
  }

  private static List<String> threadsOf(int port) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("fake-llm-" + port + "-"))
        .toList();
  }
}
