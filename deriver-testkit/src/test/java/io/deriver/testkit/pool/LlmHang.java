package io.deriver.testkit.pool;

import io.deriver.RunContext;
import io.deriver.testkit.llm.HangingLlm;
import io.deriver.testkit.llm.ThreadHang;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Hangs in process. */
final class LlmHang implements Hang {

  private static final Duration CLIENT_LIMIT = Duration.ofMillis(1);

  private final HangingLlm llm = new HangingLlm();
  private final ThreadHang shape;

  LlmHang(ThreadHang shape) {
    this.shape = shape;
    llm.when(prompt -> true, shape);
  }

  @Override
  public void enter(RunContext run, Consumer<AutoCloseable> closes) throws Exception {
    String prompt = "run " + run.fence();
    switch (shape) {
      case FUTURE_JOINED -> {
        CompletableFuture<String> future = llm.completeAsync(prompt);
        closes.accept(() -> future.cancel(true));
        String unused = future.join();
      }
      case FUTURE_GET -> {
        CompletableFuture<String> future = llm.completeAsync(prompt);
        closes.accept(() -> future.cancel(true));
        String unused = future.get();
      }
      case LIMIT_IGNORED -> {
        closes.accept(() -> llm.cancel(prompt));
        llm.complete(prompt, CLIENT_LIMIT);
      }
      default -> {
        closes.accept(() -> llm.cancel(prompt));
        llm.complete(prompt);
      }
    }
  }

  @Override
  public boolean awaitHung(int callers, Duration within) throws InterruptedException {
    boolean futures = shape == ThreadHang.FUTURE_JOINED || shape == ThreadHang.FUTURE_GET;
    return futures || llm.awaitHeld(callers, within);
  }

  @Override
  public void close() {
    llm.close();
  }
}
