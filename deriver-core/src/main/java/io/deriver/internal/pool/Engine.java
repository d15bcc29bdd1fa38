package io.deriver.internal.pool;

import io.deriver.DrainReport;
import io.deriver.Health;
import io.deriver.PoolListener;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.PoolClock;
import io.deriver.spi.WorkStore;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Builds the rooms of a pool, starts them and stops them. */
public final class Engine {
  public Engine(
      PoolSettings settings,
      WorkStore store,
      List<Served<?>> served,
      HostHooks hooks,
      PoolClock clock) {}

  public void start() {}

  public void pause() {}

  public void resume() {}

  public DrainReport drain(Duration limit) {
    return new DrainReport(0, 0, 0, 0);
  }

  public Health health() {
    return new Health(
        Health.Status.DOWN,
        Health.Status.DOWN,
        List.of(),
        0,
        0,
        0,
        List.of(),
        List.of(),
        java.util.Map.of());
  }

  public String name() {
    return "";
  }

  public void close() {}

  /** What the host gave the pool to call. */
  public record HostHooks(
      List<PoolListener> listeners,
      UnaryOperator<String> redactor,
      Runnable onSaturated,
      boolean drainOnShutdown) {}
}
