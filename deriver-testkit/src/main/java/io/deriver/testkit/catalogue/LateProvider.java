package io.deriver.testkit.catalogue;

import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.LlmRequest;
import io.deriver.testkit.llm.Reply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A provider that keeps each call until it is told what to answer. */
final class LateProvider implements HangingProvider {

  private static final int UNAVAILABLE = 503;

  private final Tally waiting = new Tally();
  private CompletableFuture<Reply> late = new CompletableFuture<>();
  private final FakeLlmServer server = new FakeLlmServer();
  private volatile boolean recovered;

  LateProvider() {
    server.otherwise(this::reply).start();
  }

  private Reply reply(LlmRequest request) {
    return recovered ? Reply.answer() : awaitLate();
  }

  private Reply awaitLate() {
    CompletableFuture<Reply> told = join();
    try {
      return told.get();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the provider was closed", closing);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("it is completed with a reply only", impossible);
    } finally {
      waiting.leave();
    }
  }

  private synchronized CompletableFuture<Reply> join() {
    waiting.enter();
    return late;
  }

  @Override
  public HangShape shape() {
    return HangShape.ANSWERS_LATE;
  }

  @Override
  public String baseUrl() {
    return server.baseUrl();
  }

  @Override
  public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
    return waiting.await(atLeast, within);
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
    tell(Reply.answer());
  }

  @Override
  public void failLate() {
    tell(Reply.error(UNAVAILABLE));
  }

  private synchronized void tell(Reply reply) {
    late.complete(reply);
    late = new CompletableFuture<>();
  }

  @Override
  public void close() {
    server.close();
  }
}
