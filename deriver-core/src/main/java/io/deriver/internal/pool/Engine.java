package io.deriver.internal.pool;

import io.deriver.DrainReport;
import io.deriver.Health;
import io.deriver.Health.Status;
import io.deriver.Limits;
import io.deriver.PoolEvent;
import io.deriver.PoolListener;
import io.deriver.WorkCounts;
import io.deriver.internal.Checks;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.GatherTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.PoolClock;
import io.deriver.spi.WorkStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A pool's life: made, started once, drained, closed once. */
public final class Engine {

  private static final Duration MAX_DRAIN = Duration.ofDays(1);
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final PoolSettings settings;
  private final WorkStore store;
  private final List<Served<?>> served;
  private final HostHooks hooks;
  private final PoolClock clock;
  private final Object lifecycle = new Object();
  private volatile @Nullable Started started;
  private volatile boolean closed;

  public Engine(
      PoolSettings settings,
      WorkStore store,
      List<Served<?>> served,
      HostHooks hooks,
      PoolClock clock) {
    this.settings = settings;
    this.store = store;
    this.served = List.copyOf(served);
    this.hooks = hooks;
    this.clock = clock;
    if (settings.virtualThreads()) {
      Threads.virtual("check");
    }
  }

  public void start() {
    synchronized (lifecycle) {
      if (closed) {
        throw new IllegalStateException(
            "pool '%s' is closed; a closed pool does not start again, build another"
                .formatted(settings.name()));
      }
      if (started != null) {
        throw new IllegalStateException(
            "pool '%s' was started before; a pool starts once, build another"
                .formatted(settings.name()));
      }
      NodeStore node = join();
      try {
        started = open(node);
      } catch (Throwable failure) {
        node.close();
        throw failure;
      }
    }
  }

  private NodeStore join() {
    return store.join(
        new NodeSpec(
            settings.name(),
            namesOf(served),
            settings.lease(),
            settings.storeTimeout(),
            gathering(served)));
  }

  private static Map<String, GatherTerms> gathering(List<Served<?>> served) {
    Map<String, GatherTerms> terms = new HashMap<>();
    for (Served<?> one : served) {
      Limits limits = one.limits();
      limits
          .gather()
          .map(it -> new GatherTerms(it.minWeight(), it.maxWait(), limits.maxItems()))
          .ifPresent(it -> terms.put(one.type().name(), it));
    }
    return terms;
  }

  private static List<String> namesOf(List<Served<?>> served) {
    return served.stream().map(one -> one.type().name()).toList();
  }

  private Started open(NodeStore node) {
    Events events = new Events(settings.name(), hooks.listeners());
    Rooms rooms = new Rooms(settings, store, node, served, hooks, clock, events);
    Thread shutdownHook = hooks.drainOnShutdown() ? new Thread(this::close) : null;
    if (shutdownHook != null) {
      Runtime.getRuntime().addShutdownHook(shutdownHook);
    }
    try {
      events.start();
      events.publish(new PoolEvent.PoolStarted(node.nodeId(), settings.slots(), namesOf(served)));
      rooms.duties().forEach(Duty::start);
    } catch (Throwable noThread) {
      rooms.duties().forEach(Duty::stop);
      events.end();
      removeHook(shutdownHook);
      throw noThread;
    }
    return new Started(node, rooms, events, shutdownHook);
  }

  public WorkCounts work(String type) {
    Checks.rule(
        namesOf(served).contains(type),
        "type '%s' is not served by pool '%s', which counts its own work",
        type,
        settings.name());
    Started now = started;
    return (now == null ? new WorkTally() : now.events.tally()).counts(type);
  }

  public void pause() {
    Rooms rooms = running().rooms;
    rooms.dispatcher().pause();
    // What waits for a slot goes back at once.
    rooms.claiming().wake();
  }

  public void resume() {
    Rooms rooms = running().rooms;
    rooms.dispatcher().resume();
    rooms.claiming().wake();
  }

  public boolean cancel(String type, String key) {
    Rooms rooms = running().rooms;
    // In the order in which a claim goes: one that starts meanwhile is among the live ones then.
    if (rooms.ahead().giveBack(type, key, RunEnd.Reason.CANCELLED)) {
      return true;
    }
    for (Run run : rooms.runs().live()) {
      if (run.id().type().equals(type) && run.id().key().equals(key)) {
        return rooms.runs().end(run, new RunEnd.Stopped(RunEnd.Reason.CANCELLED));
      }
    }
    return false;
  }

  public DrainReport drain(Duration limit) {
    Checks.between("limit", limit, Duration.ZERO, MAX_DRAIN);
    return drain(running(), limit);
  }

  private DrainReport drain(Started now, Duration limit) {
    DrainReport report = new Drain(now.rooms, settings.storeTimeout(), clock).run(limit);
    now.events.publish(new PoolEvent.Drained(report));
    return report;
  }

  private Started running() {
    Started now = started;
    if (now == null || closed) {
      throw new IllegalStateException(
          "pool '%s' is %s; this needs a running pool"
              .formatted(settings.name(), closed ? "closed" : "not started"));
    }
    return now;
  }

  public Health health() {
    Started now = started;
    if (now != null && !closed) {
      return new HealthReport(settings, now.node, now.rooms, clock).read();
    }
    String reason = closed ? "the pool is closed" : "the pool has not been started";
    return new Health(
        Status.UP,
        Status.DOWN,
        List.of(reason),
        settings.slots(),
        0,
        0,
        0,
        List.of(),
        List.of(),
        List.of());
  }

  public String name() {
    return settings.name();
  }

  public void close() {
    synchronized (lifecycle) {
      Started now = started;
      if (!closed && now != null) {
        removeHook(now.shutdownHook);
        drain(now, settings.closeTimeout());
        stop(now);
      }
      closed = true;
    }
  }

  private static void removeHook(@Nullable Thread hook) {
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException shuttingDown) {
      // Then this is the hook, or comes just before it; a second close does nothing.
    }
  }

  private void stop(Started now) {
    List<Duty> duties = new ArrayList<>(now.rooms.duties());
    duties.forEach(Duty::stop);
    now.rooms.threads().stop();
    now.rooms.closers().stop();
    Thread leaving = Threads.daemon("deriver-" + settings.name() + "-leaving", now.node::close);
    try {
      leaving.start();
    } catch (OutOfMemoryError noThread) {
      // Then its goodbye is said here; the store bounds it, too.
      now.node.close();
    }
    // An interrupt hurried the drain; the goodbye to the store and the last lines are short anyway.
    boolean interrupted = Thread.interrupted();
    try {
      // The store bounds its calls; if one hangs nevertheless, its thread is a daemon.
      leaving.join(settings.storeTimeout().toMillis());
      for (Duty duty : duties) {
        duty.join(LAST_WORDS);
      }
      now.events.stop(LAST_WORDS);
    } catch (InterruptedException again) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What the host gave the pool to call. */
  public record HostHooks(
      List<PoolListener> listeners,
      UnaryOperator<String> redactor,
      Runnable onSaturated,
      boolean drainOnShutdown) {}

  private record Started(
      NodeStore node, Rooms rooms, Events events, @Nullable Thread shutdownHook) {}
}
