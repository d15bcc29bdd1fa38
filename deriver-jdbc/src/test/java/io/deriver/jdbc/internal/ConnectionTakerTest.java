package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.jdbc.Db;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that a DataSource that never answers is asked again, and ever more seldom. */
class ConnectionTakerTest {

  private static final Duration LIMIT = Duration.ofMillis(1);
  private static final Duration FIRST_PATIENCE = LIMIT.multipliedBy(10);
  private static final Duration GENEROUS = Duration.ofSeconds(10);

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private final SideThreads side = new SideThreads("test");
  private volatile boolean hangs = true;
  private final ConnectionTaker taker = new ConnectionTaker("test", source(), LIMIT, false, side);

  @AfterEach
  void letGo() {
    taker.close();
    over.countDown();
  }

  private DataSource source() {
    DataSource real = Db.dataSource("postgres");
    return (DataSource)
        Proxy.newProxyInstance(
            ConnectionTakerTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> {
              asked.incrementAndGet();
              if (hangs) {
                over.await();
              }
              return real.getConnection();
            });
  }

  /** Whether a connection came, which is given back then. */
  private boolean taken() throws Exception {
    try (TakenConnection taken = taker.take(System.nanoTime() + LIMIT.toNanos())) {
      return taken.connection().isValid(1);
    } catch (TimeoutException notYet) {
      return false;
    }
  }

  @Test
  @DisplayName("each request that hangs costs a thread: after each, the next waits twice as long")
  void everMoreSeldom() throws Exception {
    long began = System.nanoTime();
    int most = 1;
    while (most < 7) {
      assertThat(taken()).isFalse();
      // The n-th is made when the patiences before it are over: 1 + 2 + 4 + .. times the first.
      long gone = (System.nanoTime() - began) / FIRST_PATIENCE.toNanos();
      most = 64 - Long.numberOfLeadingZeros(gone + 1);
      assertThat(asked.get()).isLessThanOrEqualTo(most);
    }
    assertThat(asked).hasValueGreaterThan(1);
  }

  @Test
  @DisplayName("a connection that came ends it: the next that does not is given up as soon as ever")
  void patienceStartsAnew() throws Exception {
    await().pollDelay(Duration.ZERO).atMost(GENEROUS).until(() -> !taken() && asked.get() == 7);
    hangs = false;
    await().pollDelay(Duration.ZERO).atMost(GENEROUS).until(this::taken);
    hangs = true;
    int before = asked.get();
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(GENEROUS)
        .until(() -> !taken() && asked.get() == before + 5);
  }
}
