package io.deriver.testkit.llm;

import static io.deriver.testkit.Soon.soon;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.testkit.Caller;
import io.deriver.testkit.PlainClient;
import io.deriver.testkit.net.LoopbackTls;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that the fake server speaks TLS to those who trust it, and lets go of them as of all. */
@Timeout(120)
class FakeLlmServerTlsTest {

  private static final HttpClient TRUSTING =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(LoopbackTls.shared().clientContext())
          .build();

  @ParameterizedTest
  @EnumSource
  void answersOverOneConnection(Dialect dialect) throws Exception {
    try (FakeLlmServer server = new FakeLlmServer().tls().start()) {
      assertThat(server.baseUrl()).startsWith("https://127.0.0.1:");
      for (boolean streaming : new boolean[] {true, false, true}) {
        String body =
            TRUSTING
                .send(Calls.post(server, dialect, streaming, "some words"), BodyHandlers.ofString())
                .body();
        assertThat(body).contains("Summary");
      }
      assertThat(server.connectionCount()).isEqualTo(1);
      assertThat(server.requestCount()).isEqualTo(3);
    }
  }

  @Test
  void isNotTrustedByThoseWhoWereNotToldTo() {
    try (FakeLlmServer server = new FakeLlmServer().tls().start()) {
      assertThatThrownBy(
              () ->
                  HttpClient.newHttpClient()
                      .send(
                          Calls.post(server, Dialect.OPENAI, false, "any"),
                          BodyHandlers.discarding()))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(server.requestCount()).isZero();
    }
  }

  @Test
  void isCalledByItsNameToo() throws Exception {
    try (FakeLlmServer server = new FakeLlmServer().tls().start()) {
      URI named = URI.create(server.baseUrl().replace("127.0.0.1", "localhost"));
      try (PlainClient client = new PlainClient(named.toString())) {
        client.connect();
        assertThat(client.stream("any", () -> {}).complete()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"RETRY_AFTER_DAYS", "STREAM_TRUNCATED", "REUSED_CONNECTION_HANGS"})
  void letsGoOfEveryHang(ServerHang shape) throws Exception {
    FakeLlmServer server = new FakeLlmServer().tls().otherwise(Reply.hang(shape)).start();
    try (PlainClient client = new PlainClient(server.baseUrl())) {
      Caller<String> hung =
          new Caller<>(
              () -> {
                client.connect();
                return "complete " + client.stream("any", () -> {}).complete();
              });
      assertThat(server.awaitHanging(1, ofSeconds(30))).isTrue();
      assertThat(hung.result).isNotDone();

      server.close();

      assertThat(server.openConnections()).isZero();
      soon().until(() -> !hung.thread.isAlive());
      assertThat(hung.result).isCompletedExceptionally();
    }
  }

  @Test
  void letsGoOfAClientThatDoesNotRead() throws Exception {
    FakeLlmServer server =
        new FakeLlmServer().tls().otherwise(Reply.hang(ServerHang.ENDLESS_OUTPUT)).start();
    try (PlainClient client = new PlainClient(server.baseUrl())) {
      client.connect();
      client.askForStream("any");
      assertThat(server.awaitHanging(1, ofSeconds(30))).isTrue();
      soon().during(ofMillis(200)).until(() -> isWriting(server));

      Caller<Integer> closing =
          new Caller<>(
              () -> {
                server.close();
                return server.openConnections();
              });

      assertThat(closing.result).succeedsWithin(ofSeconds(30)).isEqualTo(0);
    }
  }

  /** Whether the server is just writing; if it goes on to be it hangs in that. */
  private static boolean isWriting(FakeLlmServer server) {
    String name = "fake-llm-" + URI.create(server.baseUrl()).getPort() + "-connection-1";
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(entry -> entry.getKey().getName().equals(name))
        .anyMatch(
            entry ->
                Stream.of(entry.getValue()).anyMatch(at -> at.getMethodName().equals("implWrite"))
                    && entry.getKey().getState() == Thread.State.RUNNABLE);
  }

  @Test
  void listensWhereItIsTold() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    try (FakeLlmServer server = new FakeLlmServer().port(free).start()) {
      assertThat(server.baseUrl()).isEqualTo("http://127.0.0.1:" + free);
      assertThatThrownBy(() -> new FakeLlmServer().port(free).start())
          .hasMessage("the fake LLM server cannot listen on port " + free)
          .hasCauseInstanceOf(IOException.class);
      assertThatThrownBy(() -> server.port(1)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(server::tls).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> new FakeLlmServer().port(65_536))
        .hasMessage("port is 65536; it must be between 0 and 65535");
  }

  @Test
  void keepsNoKeyInAFile() throws Exception {
    assertThat(LoopbackTls.shared().certificate().getSubjectX500Principal().getName())
        .contains("localhost");
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    soon()
        .until(
            () -> {
              try (Stream<Path> files = Files.list(temporary)) {
                return files.noneMatch(
                    file -> file.getFileName().toString().startsWith("loopback-tls"));
              }
            });
  }
}
