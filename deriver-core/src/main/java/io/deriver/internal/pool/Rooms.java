package io.deriver.internal.pool;

import io.deriver.Backoff;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.NodeStore;
import io.deriver.spi.PoolClock;
import io.deriver.spi.WorkStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The rooms of one started pool, wired: who is told what by whom is written here and nowhere else.
 */
final class Rooms {

  private static final Backoff STORE_RETRY =
      Backoff.exponential(Duration.ofMillis(250), Duration.ofSeconds(10));
  private static final Backoff LEASE_RETRY =
      Backoff.exponential(Duration.ofMillis(250), Duration.ofSeconds(1));
  private static final Backoff OWN_RETRY =
      Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(50));

  private final Outcomes outcomes;
  private final AbandonedRuns abandoned;
  private final Runs runs;
  private final StackSampler stacks;
  private final RunThreads threads;
  private final Closers closers;
  private final ClaimCalls claims;
  private final Dispatcher dispatcher;
  private final Sentinel sentinel;
  private final Duty watchdog;
  private final Duty cancelling;
  private final Duty writing;
  private final Duty renewing;
  private final Duty reaping;
  private final Duty claiming;
  private final Duty watching;

  Rooms(
      PoolSettings settings,
      WorkStore store,
      NodeStore node,
      List<Served<?>> served,
      Engine.HostHooks hooks,
      PoolClock clock,
      Events events) {
    String pool = settings.name();
    Endings endings = new Endings(clock, hooks.redactor(), settings.pollMin());
    LeaseProof lease = new LeaseProof(settings.lease(), clock);
    stacks = new StackSampler(clock);
    outcomes = new Outcomes(settings.completionGrace(), this::wakeWriter);
    abandoned =
        new AbandonedRuns(settings.maxAbandoned(), clock, events, outcomes, this::wakeDispatcher);
    closers = new Closers(pool, settings.maxAbandoned() + settings.slots(), abandoned);
    // A sampler of its own: health checks must not use up the stacks of runs that are ended.
    Canceller canceller =
        new Canceller(new StackSampler(clock), endings, outcomes, closers, clock, events);
    runs =
        new Runs(
            outcomes,
            abandoned,
            run -> {
              canceller.take(run);
              wakeCanceller();
            },
            this::slotFreed);
    RunBody body =
        new RunBody(
            runs,
            abandoned,
            outcomes,
            endings,
            new ApplyStep(node, runs, outcomes, endings, events, this::wakeDispatcher),
            store.codecs(),
            events);
    String threadNames = "deriver-" + pool + "-run-";
    threads =
        new RunThreads(
            settings.virtualThreads()
                ? Threads.virtual(threadNames)
                : Threads.platform(threadNames),
            !settings.virtualThreads(),
            body::work);
    claims = new ClaimCalls(settings.lease(), clock);
    PollRhythm rhythm =
        new PollRhythm(settings.pollMin(), settings.pollMax(), ThreadLocalRandom.current());
    dispatcher =
        new Dispatcher(
            settings,
            byName(served),
            node,
            runs,
            abandoned,
            outcomes,
            threads,
            lease,
            claims,
            rhythm,
            clock,
            events);
    watchdog =
        new Duty(
            pool,
            "watchdog",
            clock,
            events,
            OWN_RETRY,
            new Watchdog(runs, outcomes, lease, clock, events));
    cancelling = new Duty(pool, "canceller", clock, events, OWN_RETRY, canceller);
    writing =
        new Duty(
            pool,
            "outcome-writer",
            clock,
            events,
            STORE_RETRY,
            new OutcomeWriter(outcomes, node, clock, events, this::wakeDispatcher));
    renewing =
        new Duty(
            pool,
            "lease-keeper",
            clock,
            events,
            LEASE_RETRY,
            new LeaseKeeper(
                node,
                runs,
                outcomes,
                claims,
                lease,
                settings.renewInterval(),
                clock,
                events,
                this::wakeDispatcher));
    reaping =
        new Duty(
            pool,
            "reaper",
            clock,
            events,
            STORE_RETRY,
            new Reaper(
                node,
                settings.reapInterval(),
                settings.renewInterval(),
                events,
                this::wakeDispatcher));
    claiming = new Duty(pool, "dispatcher", clock, events, STORE_RETRY, dispatcher);
    sentinel =
        new Sentinel(
            settings, runs, abandoned, stacks, claiming, hooks.onSaturated(), clock, events);
    watching = new Duty(pool, "sentinel", clock, events, OWN_RETRY, sentinel);
    node.onHint(
        () -> {
          dispatcher.hint();
          claiming.wake();
        });
  }

  private static Map<String, Served<?>> byName(List<Served<?>> served) {
    Map<String, Served<?>> byName = new LinkedHashMap<>();
    served.forEach(one -> byName.put(one.type().name(), one));
    return byName;
  }

  // Called only once the rooms are up: nothing happens in them before their threads start.

  private void wakeWriter() {
    writing.wake();
  }

  private void wakeCanceller() {
    cancelling.wake();
  }

  private void wakeDispatcher() {
    claiming.wake();
  }

  private void slotFreed() {
    if (dispatcher.slotFreed()) {
      claiming.wake();
    }
  }

  /** All duties, those first that others rely on. */
  List<Duty> duties() {
    return List.of(watchdog, cancelling, writing, renewing, reaping, claiming, watching);
  }

  Outcomes outcomes() {
    return outcomes;
  }

  AbandonedRuns abandoned() {
    return abandoned;
  }

  Runs runs() {
    return runs;
  }

  StackSampler stacks() {
    return stacks;
  }

  RunThreads threads() {
    return threads;
  }

  Closers closers() {
    return closers;
  }

  ClaimCalls claims() {
    return claims;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Sentinel sentinel() {
    return sentinel;
  }

  Duty watchdog() {
    return watchdog;
  }

  Duty claiming() {
    return claiming;
  }
}
