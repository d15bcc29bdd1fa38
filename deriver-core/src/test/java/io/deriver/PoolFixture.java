package io.deriver;

import static org.awaitility.Awaitility.await;

import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A pool on a {@link FakeStore}, its events, and ways to wait for them. */
public final class PoolFixture implements AutoCloseable {

  public static final ItemType<String> TYPE = ItemType.of("test", String.class);

  /** Mutation tests wait less: there, most of what is waited for never comes. */
  private static final int PATIENCE_SECONDS = Integer.getInteger("tests.patience", 20);

  public final Pool pool;
  public final FakeStore store;
  public final List<PoolEvent> events;

  private PoolFixture(Pool pool, FakeStore store, List<PoolEvent> events) {
    this.pool = pool;
    this.store = store;
    this.events = events;
  }

  public static Builder with(Processor<String> processor) {
    return new Builder((pool, limits) -> pool.processor(TYPE, processor, limits));
  }

  public static Builder withAsync(AsyncProcessor<String> processor) {
    return new Builder((pool, limits) -> pool.asyncProcessor(TYPE, processor, limits));
  }

  public <E extends PoolEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Waits in real time, within a generous bound. */
  public static void until(Callable<Boolean> condition) {
    await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }

  @Override
  public void close() {
    pool.close();
  }

  /** Collects what differs between tests; starts the pool with short real-time settings. */
  public static final class Builder {
    private final BiConsumer<Pool.Builder, Consumer<Limits.Builder>> serve;
    private Consumer<Limits.Builder> limits = l -> {};
    private Consumer<Pool.Builder> settings = p -> {};
    private Consumer<FakeStore> content = s -> {};
    private PoolClock clock = PoolClock.system();

    private Builder(BiConsumer<Pool.Builder, Consumer<Limits.Builder>> serve) {
      this.serve = serve;
    }

    public Builder limits(Consumer<Limits.Builder> limits) {
      this.limits = limits;
      return this;
    }

    public Builder settings(Consumer<Pool.Builder> settings) {
      this.settings = settings;
      return this;
    }

    public Builder content(Consumer<FakeStore> content) {
      this.content = content;
      return this;
    }

    public Builder clock(PoolClock clock) {
      this.clock = clock;
      return this;
    }

    public PoolFixture build() {
      FakeStore store = new FakeStore();
      List<PoolEvent> events = new CopyOnWriteArrayList<>();
      Pool.Builder builder =
          Pool.builder(store)
              .pollInterval(Duration.ofMillis(5), Duration.ofMillis(50))
              .reapInterval(Duration.ofMillis(50))
              .lease(Duration.ofSeconds(20))
              .renewInterval(Duration.ofMillis(50))
              .closeTimeout(Duration.ZERO)
              .listener(events::add)
              .clock(clock);
      serve.accept(builder, limits);
      settings.accept(builder);
      content.accept(store);
      return new PoolFixture(builder.build(), store, events);
    }

    public PoolFixture start() {
      PoolFixture fixture = build();
      fixture.pool.start();
      return fixture;
    }
  }
}
