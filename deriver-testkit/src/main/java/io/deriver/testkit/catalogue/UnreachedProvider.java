package io.deriver.testkit.catalogue;

import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.LlmRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider whose clients do not get so far as to send a call; once it has recovered a server is
 * where its door was. Thread-safe; its monitor guards the server.
 */
final class UnreachedProvider implements HangingProvider {

  private final Door door;
  private @Nullable FakeLlmServer server;
  private boolean closed;

  UnreachedProvider(Door door) {
    this.door = door;
  }

  @Override
  public HangShape shape() {
    return door.shape();
  }

  @Override
  public String baseUrl() {
    return door.url();
  }

  @Override
  public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
    return door.awaitMet(atLeast, within);
  }

  @Override
  public synchronized List<LlmRequest> requests() {
    return server == null ? List.of() : server.requests();
  }

  @Override
  public synchronized void recover() {
    if (closed || server != null) {
      return;
    }
    URI url = URI.create(door.url());
    FakeLlmServer next = new FakeLlmServer().port(url.getPort());
    if (url.getScheme().equals("https")) {
      next.tls();
    }
    door.stopListening();
    server = next.start();
  }

  @Override
  public void answerLate() {
    // Nobody has asked.
  }

  @Override
  public void failLate() {
    // As above.
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      door.close();
    } finally {
      if (server != null) {
        server.close();
      }
    }
  }
}
