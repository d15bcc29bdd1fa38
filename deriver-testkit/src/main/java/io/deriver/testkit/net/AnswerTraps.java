package io.deriver.testkit.net;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What a connection's requests have set off and their answers are to meet. Thread-safe. */
final class AnswerTraps {

  private final Map<Long, Queue<Trap>> waiting = new ConcurrentHashMap<>();

  void add(long request, Trap trap) {
    waiting.computeIfAbsent(request, unused -> new ConcurrentLinkedQueue<>()).add(trap);
  }

  /** One that waits for this request's answer, and from now on no more. */
  @Nullable Trap next(long request) {
    Queue<Trap> those = waiting.get(request);
    return those == null ? null : those.poll();
  }
}
