package io.deriver.testkit.llm;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A call on a thread of its own, which a test may watch and interrupt. */
final class Caller<T> {

  final CompletableFuture<T> result = new CompletableFuture<>();
  final Thread thread;

  Caller(Callable<T> call) {
    thread =
        new Thread(
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
              }
            },
            "caller");
    thread.setDaemon(true);
    thread.start();
  }
}
