package io.deriver.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** A call on a thread of its own, which a test may watch and interrupt. */
public final class Caller<T> {

  public final CompletableFuture<T> result = new CompletableFuture<>();
  public final Thread thread;

  public Caller(Callable<T> call) {
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
