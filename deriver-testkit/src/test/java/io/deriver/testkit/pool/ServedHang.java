package io.deriver.testkit.pool;

import io.deriver.RunContext;
import io.deriver.testkit.PlainClient;
import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Hangs in a call to a server that hangs. */
final class ServedHang implements Hang {

  /** How a client meets its server. */
  @FunctionalInterface
  interface Meeting {
    void of(ServedHang hang, RunContext run, Consumer<AutoCloseable> closes) throws Exception;
  }

  private static final int CALLS = 3;

  private final FakeLlmServer server;
  private final ServerHang shape;
  private final Meeting meeting;
  private final CountDownLatch over = new CountDownLatch(1);

  ServedHang(ServerHang shape, Meeting meeting) {
    this.shape = shape;
    this.meeting = meeting;
    this.server =
        new FakeLlmServer()
            .keepAliveEvery(Duration.ofMillis(20))
            .dripEvery(Duration.ofMillis(20))
            .otherwise(Reply.hang(shape))
            .start();
  }

  @Override
  public void enter(RunContext run, Consumer<AutoCloseable> closes) throws Exception {
    meeting.of(this, run, closes);
  }

  /** Reads a stream; closing the socket frees. */
  void readStream(RunContext run, Consumer<AutoCloseable> closes) throws Exception {
    try (PlainClient client = new PlainClient(server.baseUrl())) {
      closes.accept(client);
      client.connect();
      client.stream("any", run::progress);
    }
  }

  /** Asks over one connection again and again; closing the socket frees. */
  void askAgain(RunContext run, Consumer<AutoCloseable> closes) throws Exception {
    try (PlainClient client = new PlainClient(server.baseUrl())) {
      closes.accept(client);
      client.connect();
      for (int i = 0; i < CALLS; i++) {
        client.ask("any");
        run.progress();
      }
    }
  }

  /** Reads with the JDK's oldest client, whose disconnect() waits for the reader. */
  void readWithUrlConnection(RunContext run, Consumer<AutoCloseable> closes) throws Exception {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create(server.baseUrl() + "/v1/chat/completions").toURL().openConnection();
    connection.setDoOutput(true);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(PlainClient.body("any", true).getBytes(StandardCharsets.UTF_8));
    }
    try (InputStream in = connection.getInputStream()) {
      closes.accept(connection::disconnect);
      run.progress();
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  /** Does as it is told by a Retry-After. */
  void waitAsTold(RunContext run, Consumer<AutoCloseable> closes) throws Exception {
    try (PlainClient client = new PlainClient(server.baseUrl())) {
      closes.accept(client);
      client.connect();
      boolean letGo = false;
      while (!letGo) {
        String seconds = client.ask("any").getOrDefault("retry-after", "0");
        letGo = over.await(Long.parseLong(seconds), TimeUnit.SECONDS);
      }
    }
  }

  @Override
  public boolean awaitHung(int callers, Duration within) throws InterruptedException {
    return !shape.keepsOpen() || server.awaitHanging(callers, within);
  }

  @Override
  public void close() {
    over.countDown();
    server.close();
  }
}
