package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.jdbc.Db;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards that a host's connection comes back from listening as it was lent, and that nobody else's
 * is cut off.
 */
class ListenerTest {

  private static final SchemaName SCHEMA = SchemaName.of("listener");
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final Duration GENEROUS = Duration.ofSeconds(20);

  private final AtomicInteger aborted = new AtomicInteger();
  private final AtomicInteger abortedAfterItsReturn = new AtomicInteger();
  private final AtomicInteger returned = new AtomicInteger();

  @Test
  @DisplayName("closing gives the connection back unharmed, and returns soon")
  void givenBack() {
    Listener listener =
        new Listener("test", lending(), SCHEMA, LIMIT, new SideThreads("test"), () -> {});
    await().atMost(GENEROUS).until(() -> listener.state().isEmpty());

    listener.close();

    await().atMost(GENEROUS).until(() -> returned.get() == 1);
    await().during(Duration.ofMillis(300)).atMost(GENEROUS).until(() -> aborted.get() == 0);
  }

  @Test
  @DisplayName("a listener that hangs loses its connection while it has it, and not after that")
  void cutOff() {
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean hangs = new AtomicBoolean();
    Listener listener =
        new Listener(
            "test",
            lending(),
            SCHEMA,
            LIMIT,
            new SideThreads("test"),
            () -> {
              hangs.set(true);
              awaitQuietly(released);
            });
    await().atMost(GENEROUS).untilTrue(hangs);

    listener.close();
    await().atMost(GENEROUS).until(() -> aborted.get() == 1);
    assertThat(returned).hasValue(0);
    released.countDown();

    await().atMost(GENEROUS).until(() -> returned.get() == 1);
    assertThat(abortedAfterItsReturn).hasValue(0);
  }

  @Test
  @DisplayName(
      "a connection that never comes is asked for once more; should it come after all, it is closed")
  void neverComes() {
    CountDownLatch released = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    DataSource lending = lending();
    DataSource first =
        (DataSource)
            Proxy.newProxyInstance(
                ListenerTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> {
                  if (asked.incrementAndGet() == 1) {
                    awaitQuietly(released);
                  }
                  return lending.getConnection();
                });
    Listener listener =
        new Listener(
            "test", first, SCHEMA, Duration.ofMillis(100), new SideThreads("test"), () -> {});
    await().atMost(GENEROUS).until(() -> listener.state().contains("gave no connection"));
    await().atMost(GENEROUS).until(() -> listener.state().isEmpty());
    assertThat(asked).hasValue(2);

    released.countDown();

    await().atMost(GENEROUS).until(() -> returned.get() == 1);
    assertThat(listener.state()).isEmpty();
    listener.close();
    await().atMost(GENEROUS).until(() -> returned.get() == 2);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(GENEROUS.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lends connections and keeps count of how they end. */
  private DataSource lending() {
    DataSource real = Db.dataSource("postgres");
    return (DataSource)
        Proxy.newProxyInstance(
            ListenerTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, args) -> lent(real.getConnection()));
  }

  private Connection lent(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            ListenerTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              if (method.getName().equals("close")) {
                returned.incrementAndGet();
              } else if (method.getName().equals("abort")) {
                abortedAfterItsReturn.addAndGet(returned.get());
                aborted.incrementAndGet();
              }
              try {
                return method.invoke(real, args);
              } catch (InvocationTargetException e) {
                throw e.getCause() instanceof SQLException failed ? failed : e;
              }
            });
  }
}
