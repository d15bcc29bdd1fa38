package io.deriver.testkit.llm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** What the server has seen, and which calls hang. Thread-safe; its monitor guards all of it. */
final class RequestLog {

  static final int KEPT = 10_000;
  static final long KEPT_CHARS = 64L << 20;

  private final Deque<LlmRequest> requests = new ArrayDeque<>();
  private final List<OpenHang> hanging = new ArrayList<>();
  private long received;
  private long chars;

  /** Takes a request in under the next number. */
  synchronized LlmRequest record(LongFunction<LlmRequest> numbered) {
    LlmRequest request = numbered.apply(++received);
    requests.addLast(request);
    chars += request.http().body().length();
    while (requests.size() > KEPT || (chars > KEPT_CHARS && requests.size() > 1)) {
      chars -= requests.removeFirst().http().body().length();
    }
    return request;
  }

  synchronized OpenHang begin(LlmRequest request, ServerHang shape) {
    OpenHang hang = new OpenHang(request, shape);
    hanging.add(hang);
    notifyAll();
    return hang;
  }

  synchronized void end(OpenHang hang) {
    hanging.remove(hang);
    notifyAll();
  }

  synchronized List<LlmRequest> requests() {
    return List.copyOf(requests);
  }

  synchronized List<OpenHang> hanging() {
    return List.copyOf(hanging);
  }

  synchronized long received() {
    return received;
  }

  synchronized boolean awaitHanging(int atLeast, Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    while (hanging.size() < atLeast) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }
}
