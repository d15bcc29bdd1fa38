package io.deriver.testkit.catalogue;

import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.LlmRequest;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import java.time.Duration;
import java.util.List;

/** A provider that takes the call, and does not answer it as it should. */
final class ServedProvider implements HangingProvider {

  private final HangShape shape;
  private final ServerHang hang;
  private final Reply unwell;
  private final Tally metAtOnce = new Tally();
  private final FakeLlmServer server = new FakeLlmServer();
  private volatile boolean recovered;

  ServedProvider(HangShape shape, ServerHang hang) {
    this.shape = shape;
    this.hang = hang;
    this.unwell = Reply.hang(hang);
    server.otherwise(this::reply).start();
  }

  private Reply reply(LlmRequest request) {
    if (recovered) {
      return Reply.answer();
    }
    metAtOnce.enter();
    return unwell;
  }

  @Override
  public HangShape shape() {
    return shape;
  }

  @Override
  public String baseUrl() {
    return server.baseUrl();
  }

  @Override
  public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
    return hang.keepsOpen()
        ? server.awaitHanging(atLeast, within)
        : metAtOnce.await(atLeast, within);
  }

  @Override
  public List<LlmRequest> requests() {
    return server.requests();
  }

  @Override
  public void recover() {
    recovered = true;
  }

  @Override
  public void answerLate() {
    // Nobody of these waits for an answer of its own.
  }

  @Override
  public void failLate() {
    // As above.
  }

  @Override
  public void close() {
    server.close();
  }
}
