package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.jdbc.Db;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that a call of the host's gives its connection back, whatever goes wrong around it. */
class HostCallsTest {

  private static StoreParts parts(DataSource source) {
    return new StoreParts(
        source,
        source,
        SchemaName.DEFAULT,
        false,
        new JacksonCodecs(),
        Duration.ofSeconds(5),
        false,
        new Retention(null, null));
  }

  @Test
  @DisplayName("a limit that cannot be set, for want of a thread, costs no connection")
  void noThreadForTheLimit() {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(Db.dataSource("postgres"));
      pool.setMaximumPoolSize(2);
      SideThreads side = new SideThreads("test");
      side.close();
      HostCalls calls = new HostCalls(parts(pool), side);
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> calls.call("look", connection -> true))
            .isInstanceOf(RejectedExecutionException.class);
      }
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
  }

  @Test
  @DisplayName("a connection that knows no network timeout is given back when the call fails")
  void noNetworkTimeout() {
    AtomicInteger lent = new AtomicInteger();
    DataSource real = Db.dataSource("postgres");
    DataSource source =
        (DataSource)
            Proxy.newProxyInstance(
                HostCallsTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, args) -> {
                  lent.incrementAndGet();
                  return withoutNetworkTimeout(real.getConnection(), lent);
                });
    HostCalls calls = new HostCalls(parts(source));
    assertThatThrownBy(() -> calls.call("look", connection -> true))
        .hasMessageContaining("could not look");
    assertThat(lent).hasValue(0);
  }

  private static Connection withoutNetworkTimeout(Connection real, AtomicInteger lent) {
    return (Connection)
        Proxy.newProxyInstance(
            HostCallsTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, args) -> {
              if (method.getName().equals("setNetworkTimeout")) {
                throw new SQLFeatureNotSupportedException("for the test");
              } else if (method.getName().equals("close")) {
                lent.decrementAndGet();
              }
              try {
                return method.invoke(real, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
