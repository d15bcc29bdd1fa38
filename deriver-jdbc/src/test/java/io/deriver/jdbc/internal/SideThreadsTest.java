package io.deriver.jdbc.internal;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that a connection whose cutting off hangs keeps no other from being cut off in time. */
class SideThreadsTest {

  private static final Duration GENEROUS = Duration.ofSeconds(20);

  @Test
  @DisplayName("an action that hangs holds up neither those that are due later nor those of now")
  void hangs() {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch hanging = new CountDownLatch(2);
    AtomicBoolean later = new AtomicBoolean();
    AtomicBoolean now = new AtomicBoolean();
    try (SideThreads side = new SideThreads("test")) {
      SideThreads.Action hangs =
          () -> {
            hanging.countDown();
            over.await();
          };
      var due = side.after(0, "hangs", hangs);
      side.run("hangs", hangs);
      await().atMost(GENEROUS).until(() -> hanging.getCount() == 0);
      var dueLater = side.after(TimeUnit.MILLISECONDS.toNanos(1), "later", () -> later.set(true));
      side.run("now", () -> now.set(true));
      await().atMost(GENEROUS).until(() -> later.get() && now.get());
      await().atMost(GENEROUS).until(() -> due.isDone() && dueLater.isDone());
    } finally {
      over.countDown();
    }
  }
}
