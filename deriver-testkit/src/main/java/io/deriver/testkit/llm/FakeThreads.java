package io.deriver.testkit.llm;

import io.deriver.testkit.internal.Threads;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that a {@link HangingLlm} made and that have not ended. Thread-safe. */
final class FakeThreads {

  private final Set<Thread> live = ConcurrentHashMap.newKeySet();

  /** Has a daemon thread of this name do the work. */
  void start(String name, Runnable work) {
    Thread thread =
        Threads.daemon(
            name,
            () -> {
              try {
                work.run();
              } finally {
                live.remove(Thread.currentThread());
              }
            });
    live.add(thread);
    thread.start();
  }

  List<Thread> live() {
    return List.copyOf(live);
  }
}
