package io.deriver.testkit.llm;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The threads that a {@link HangingLlm} made and that have not ended. Thread-safe. */
final class FakeThreads {

  private final Set<Thread> live = ConcurrentHashMap.newKeySet();

  /** Has a daemon thread of this name do the work. */
  void start(String name, Runnable work) {
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                work.run();
              } finally {
                live.remove(Thread.currentThread());
              }
            },
            name,
            0,
            false);
    thread.setDaemon(true);
    live.add(thread);
    thread.start();
  }

  List<Thread> live() {
    return List.copyOf(live);
  }
}
