package io.deriver.testkit.catalogue;

import io.deriver.testkit.Caller;
import io.deriver.testkit.PlainClient;
import java.io.IOException;
import java.util.Map;

/** A plain call to a provider on a thread of its own, without any limit. */
final class ProviderCall implements AutoCloseable {

  static final String ANSWERED = "answered";
  static final String CUT_SHORT = "cut short";
  static final String SENT_AWAY = "sent away";
  static final String FAILED = "failed";

  final Caller<String> caller;
  private final PlainClient client;

  private ProviderCall(PlainClient client, HangShape shape) {
    this.client = client;
    this.caller = new Caller<>(() -> ask(client, shape));
  }

  static ProviderCall to(HangingProvider provider) {
    return new ProviderCall(new PlainClient(provider.baseUrl()), provider.shape());
  }

  /** Asks as the shape needs it: for a dead pooled connection twice, otherwise for a stream. */
  private static String ask(PlainClient client, HangShape shape) throws IOException {
    client.connect();
    switch (shape) {
      case RETRY_AFTER_DAYS -> {
        Map<String, String> head = client.ask("any");
        return "277403".equals(head.get("retry-after")) ? SENT_AWAY : ANSWERED;
      }
      case DEAD_POOLED_CONNECTION -> {
        client.ask("any");
        client.ask("any");
        return ANSWERED;
      }
      case ANSWERS_LATE -> {
        return "200".equals(client.ask("any").get(PlainClient.STATUS)) ? ANSWERED : FAILED;
      }
      default -> {
        return client.stream("any", () -> {}).complete() ? ANSWERED : CUT_SHORT;
      }
    }
  }

  /** The client gives up: closes its socket, from another thread. */
  void giveUp() throws IOException {
    client.close();
  }

  @Override
  public void close() throws IOException {
    giveUp();
  }
}
