package io.deriver;

import io.deriver.internal.PoolSettings;
import io.deriver.internal.pool.Engine;
import io.deriver.internal.pool.Served;
import io.deriver.internal.pool.Work;
import io.deriver.spi.PoolClock;
import io.deriver.spi.WorkStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Works units on a bounded number of slots.
 *
 * <p>What holds: a slot comes back within its unit's limit and a tenth of a second of the time in
 * which the JVM could run at all, whatever the processor does; stale claims of any process are
 * taken back whatever state this pool is in; and while work waits and nothing ends, log, events and
 * {@link #health()} say what is stuck and where.
 *
 * <p>What does not: a thread that never returns cannot be taken back by anyone. Such threads are
 * counted, named and capped; at the cap the pool claims no more, and only a restart helps.
 *
 * <p>Thread-safe. A pool starts once and ends once.
 */
public final class Pool implements AutoCloseable {

  private final Engine engine;

  private Pool(Engine engine) {
    this.engine = engine;
  }

  /** A builder for a pool on this store. */
  public static Builder builder(WorkStore store) {
    return new Builder(store);
  }

  /**
   * Joins the store and begins to work.
   *
   * @throws io.deriver.spi.StoreException if the store cannot be used; the pool can be started
   *     again
   * @throws IllegalStateException if the pool was started or closed before
   */
  public Pool start() {
    engine.start();
    return this;
  }

  /** Claims no more until {@link #resume()}. Live runs go on, reaping and renewal too. */
  public void pause() {
    engine.pause();
  }

  /** Claims again after {@link #pause()}. */
  public void resume() {
    engine.resume();
  }

  /**
   * Stops claiming for good, lets live runs end for so long, then ends the others by force and
   * gives their claims back, attempt uncounted. Returns when that is written, at the latest a
   * {@code storeTimeout} after the limit. Reaping and renewal go on until {@link #close()}.
   *
   * <p>An interrupt of the calling thread is as if the limit had come, and stays set.
   *
   * @param limit zero to 1 day
   * @throws IllegalStateException if the pool was never started, or is closed
   */
  public DrainReport drain(Duration limit) {
    return engine.drain(limit);
  }

  /**
   * Ends the live run of this key by force, as its timeout would: the slot is free at once, its
   * thread is interrupted, and what it registered is closed. The attempt counts, and the unit is
   * tried again after its backoff. So does a claim of it that waits for a slot.
   *
   * @return whether this pool had a live run of the key, or such a claim, and this call ended it
   * @throws IllegalStateException if the pool was never started, or is closed
   */
  public boolean cancel(ItemType<?> type, String key) {
    return engine.cancel(type.name(), Objects.requireNonNull(key, "key"));
  }

  /** How the pool is now. Never waits for the store or for host code; usable after close. */
  public Health health() {
    return engine.health();
  }

  /**
   * How much work of a type this pool has done since it was started. Never waits; usable after
   * close. Before the start all counts are 0.
   *
   * @throws IllegalArgumentException if the pool does not serve the type
   */
  public WorkCounts work(ItemType<?> type) {
    return engine.work(type.name());
  }

  /** The name given to the builder. */
  public String name() {
    return engine.name();
  }

  /**
   * Drains for at most {@code closeTimeout}, then lets go of everything. Threads that hang in host
   * code are daemons: they keep no JVM alive. A second close does nothing.
   */
  @Override
  public void close() {
    engine.close();
  }

  /** Collects what a pool is made of; not thread-safe. Values are checked in {@link #build()}. */
  public static final class Builder {

    private final WorkStore store;
    private final Map<String, Served<?>> served = new LinkedHashMap<>();
    private final List<PoolListener> listeners = new ArrayList<>();
    private String name = "deriver";
    private int slots = 8;
    private int claimAhead;
    private Duration lease = Duration.ofSeconds(34);
    private Duration renewInterval = Duration.ofSeconds(2);
    private Duration reapInterval = Duration.ofSeconds(10);
    private Duration storeTimeout = Duration.ofSeconds(5);
    private Duration completionGrace = Duration.ofSeconds(30);
    private Duration pollMin = Duration.ofSeconds(1);
    private Duration pollMax = Duration.ofSeconds(30);
    private int maxAbandoned = 64;
    private Duration whenSaturatedFor = Duration.ofMinutes(10);
    private int maxUnwritten = 1_000;
    private Duration stallReportInterval = Duration.ofMinutes(1);
    private Duration closeTimeout = Duration.ofSeconds(10);
    private boolean virtualThreads;
    private boolean drainOnShutdown;
    private UnaryOperator<String> redactor = UnaryOperator.identity();
    private Runnable onSaturated = () -> {};
    private PoolClock clock = PoolClock.system();

    private Builder(WorkStore store) {
      this.store = Objects.requireNonNull(store, "store");
    }

    /** Serves a type with the default limits. */
    public <T> Builder processor(ItemType<T> type, Processor<T> processor) {
      return processor(type, processor, limits -> {});
    }

    /**
     * Serves a type.
     *
     * @throws IllegalArgumentException if the type is served already or a limit is out of its range
     */
    public <T> Builder processor(
        ItemType<T> type, Processor<T> processor, Consumer<Limits.Builder> limits) {
      Objects.requireNonNull(processor, "processor");
      return serve(type, new Work.OnThread<>(processor), limits);
    }

    /** Serves a type without holding threads, with the default limits. */
    public <T> Builder asyncProcessor(ItemType<T> type, AsyncProcessor<T> processor) {
      return asyncProcessor(type, processor, limits -> {});
    }

    /**
     * Serves a type without holding threads.
     *
     * @throws IllegalArgumentException if the type is served already or a limit is out of its range
     */
    public <T> Builder asyncProcessor(
        ItemType<T> type, AsyncProcessor<T> processor, Consumer<Limits.Builder> limits) {
      Objects.requireNonNull(processor, "processor");
      return serve(type, new Work.InStages<>(processor), limits);
    }

    private <T> Builder serve(ItemType<T> type, Work<T> work, Consumer<Limits.Builder> limits) {
      Objects.requireNonNull(type, "type");
      Limits.Builder collected = Limits.builder();
      limits.accept(collected);
      Served<T> one = new Served<>(type, work, collected.build());
      if (served.putIfAbsent(type.name(), one) != null) {
        throw new IllegalArgumentException(
            "type '%s' has two processors; a pool takes one for each type".formatted(type));
      }
      return this;
    }

    /** What the pool is called in threads, log and health; default {@code deriver}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** How many runs may be live at once; 1 to 10,000, default 8. */
    public Builder slots(int slots) {
      this.slots = slots;
      return this;
    }

    /**
     * How many units may be claimed before a slot is free for them; 0 to {@code slots}, default 0.
     * For many short units: a slot that comes free has its next at once. What waits is kept from
     * other processes meanwhile and goes back, attempt not counted, after half of {@code
     * completionGrace}. Suspects and keys on probation never wait so.
     */
    public Builder claimAhead(int claimAhead) {
      this.claimAhead = claimAhead;
      return this;
    }

    /**
     * How long the node counts as alive without renewing, by the store's clock; 500 ms to 1 day,
     * default 34 s: an outage of the store of 30 s, a renewal just missed and a retry. At least
     * twice ({@code renewInterval + storeTimeout}).
     */
    public Builder lease(Duration lease) {
      this.lease = lease;
      return this;
    }

    /** How often the lease is renewed while claims are held; 50 ms to 1 day, default 2 s. */
    public Builder renewInterval(Duration renewInterval) {
      this.renewInterval = renewInterval;
      return this;
    }

    /** How often the reaper runs; 50 ms to 1 hour, default 10 s. */
    public Builder reapInterval(Duration reapInterval) {
      this.reapInterval = reapInterval;
      return this;
    }

    /** How long one call to the store may take; 50 ms to 10 min, default 5 s. */
    public Builder storeTimeout(Duration storeTimeout) {
      this.storeTimeout = storeTimeout;
      return this;
    }

    /**
     * How long after its deadline a run's outcome may still be written; 100 ms to 1 hour, default
     * 30 s, at least {@code storeTimeout}.
     */
    public Builder completionGrace(Duration completionGrace) {
      this.completionGrace = completionGrace;
      return this;
    }

    /**
     * How long the pool rests between polls that find nothing: from the first, doubling with
     * jitter, to the second; each 1 ms to 1 hour, default 1 s to 30 s. Hints and due times end a
     * rest.
     */
    public Builder pollInterval(Duration min, Duration max) {
      this.pollMin = min;
      this.pollMax = max;
      return this;
    }

    /** At how many abandoned threads the pool stops claiming; 1 to 100,000, default 64. */
    public Builder maxAbandoned(int maxAbandoned) {
      this.maxAbandoned = maxAbandoned;
      return this;
    }

    /**
     * What to do when the pool stands at {@code maxAbandoned} and no thread has returned for so
     * long (1 s to 1 day, default 10 min): liveness goes DOWN and the callback is called once, on a
     * thread of its own. The usual callback ends the process, since only that frees such threads.
     */
    public Builder whenSaturatedFor(Duration time, Runnable callback) {
      this.whenSaturatedFor = time;
      this.onSaturated = Objects.requireNonNull(callback, "callback");
      return this;
    }

    /**
     * How many outcomes may wait to be written before the pool stops claiming; 1 to 1,000,000,
     * default 1,000.
     */
    public Builder maxUnwritten(int maxUnwritten) {
      this.maxUnwritten = maxUnwritten;
      return this;
    }

    /** How often a pool in which nothing ends says so; 100 ms to 1 day, default 1 min. */
    public Builder stallReportInterval(Duration interval) {
      this.stallReportInterval = interval;
      return this;
    }

    /** How long {@link Pool#close()} lets live runs go on; zero to 1 day, default 10 s. */
    public Builder closeTimeout(Duration closeTimeout) {
      this.closeTimeout = closeTimeout;
      return this;
    }

    /**
     * Runs processors on virtual threads, default false: a virtual thread that spins, or blocks in
     * {@code synchronized} before Java 24, holds a carrier that all others share.
     *
     * @throws IllegalStateException in {@link #build()} where the JVM has none (before Java 21)
     */
    public Builder virtualThreads(boolean virtualThreads) {
      this.virtualThreads = virtualThreads;
      return this;
    }

    /**
     * Closes the pool when the JVM shuts down (SIGTERM), default false: a library that installs
     * shutdown hooks unasked gets in its host's way.
     */
    public Builder drainOnShutdown(boolean drainOnShutdown) {
      this.drainOnShutdown = drainOnShutdown;
      return this;
    }

    /**
     * Runs over the text of every exception and reason that a processor or a codec gives, before it
     * reaches store, log or event; default none. Runs on the run's own thread, under its limits; if
     * it fails, the exception's class is all that gets out. Stacks of timeouts and failures of the
     * store are not passed through it.
     */
    public Builder redactor(UnaryOperator<String> redactor) {
      this.redactor = Objects.requireNonNull(redactor, "redactor");
      return this;
    }

    /** Adds a listener. */
    public Builder listener(PoolListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** The pool's time; default that of the JVM. For tests. */
    public Builder clock(PoolClock clock) {
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /**
     * Makes the pool; it claims nothing before {@link Pool#start()}.
     *
     * @throws IllegalArgumentException if a value is out of its range, two cannot work together, or
     *     no type is served; the message names setting, value and rule
     */
    public Pool build() {
      if (served.isEmpty()) {
        throw new IllegalArgumentException("processor is not set; a pool serves at least one type");
      }
      PoolSettings settings =
          new PoolSettings(
              name,
              slots,
              claimAhead,
              lease,
              renewInterval,
              reapInterval,
              storeTimeout,
              completionGrace,
              pollMin,
              pollMax,
              maxAbandoned,
              whenSaturatedFor,
              maxUnwritten,
              stallReportInterval,
              closeTimeout,
              virtualThreads);
      return new Pool(
          new Engine(
              settings,
              store,
              List.copyOf(served.values()),
              new Engine.HostHooks(List.copyOf(listeners), redactor, onSaturated, drainOnShutdown),
              clock));
    }

    /** Builds and starts in one. */
    public Pool start() {
      return build().start();
    }
  }
}
