package io.deriver.internal.pool;

import io.deriver.Backoff;
import io.deriver.internal.PoolSettings;
import io.deriver.internal.flight.RunFlights;
import io.deriver.spi.NodeStore;
import io.deriver.spi.PoolClock;
import io.deriver.spi.WorkStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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

  static final String WATCHDOG = "watchdog";
  static final String CANCELLER = "canceller";
  static final String OUTCOME_WRITER = "outcome-writer";
  static final String LEASE_KEEPER = "lease-keeper";
  static final String REAPER = "reaper";
  static final String DISPATCHER = "dispatcher";
  static final String SENTINEL = "sentinel";

  private static final Duration OWN_STUCK_AFTER = Duration.ofSeconds(30);

  private final StoreAnswers answers;
  private final Outcomes outcomes;
  private final AbandonedRuns abandoned;
  private final Runs runs;
  private final StackSampler stacks;
  private final RunThreads threads;
  private final Closers closers;
  private final ClaimedAhead ahead;
  private final ClaimCalls claims;
  private final TypePauses pauses;
  private final Breakers breakers;
  private final Dispatcher dispatcher;
  private final SaturationWatch saturation;
  private final StarvationWatch starvation;
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
    pauses = new TypePauses(clock, events);
    breakers = new Breakers(served, clock, events, this::wakeDispatcher);
    Gates gates = new Gates(clock, pauses);
    Endings endings = new Endings(clock, hooks.redactor(), settings.pollMin(), pauses, breakers);
    LeaseProof lease = new LeaseProof(settings.lease(), clock);
    answers = new StoreAnswers(node, clock);
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
    Predicate<String> mayStart = type -> mayStart(type, lease, gates);
    ahead =
        new ClaimedAhead(
            settings.claimAhead(),
            settings.completionGrace().dividedBy(2),
            clock,
            mayStart,
            new UnusedClaims(outcomes, endings)::giveBack);
    RunReturn returns = new RunReturn(runs, abandoned, outcomes, endings, ahead);
    RunBody body =
        new RunBody(
            gates,
            returns,
            new StageRuns(returns, endings, this::startThread),
            endings,
            new ApplyStep(
                answers, runs, abandoned, outcomes, endings, events, this::wakeDispatcher),
            store.codecs(),
            RunFlights.of(pool),
            events);
    String threadNames = "deriver-" + pool + "-run-";
    threads =
        new RunThreads(
            settings.virtualThreads()
                ? Threads.virtual(threadNames)
                : Threads.platform(threadNames),
            !settings.virtualThreads(),
            body);
    claims = new ClaimCalls(settings.lease(), clock);
    dispatcher =
        new Dispatcher(
            settings,
            byName(served),
            answers,
            runs,
            new Capacity(settings, runs, abandoned, outcomes, breakers, gates, clock, events),
            threads,
            ahead,
            lease,
            claims,
            pauses,
            breakers,
            clock);
    // A pass asks the store up to three times, and the store bounds each.
    Duration stuckAfter = settings.storeTimeout().multipliedBy(4);
    DutyMaker duties =
        (name, retry, stuck, pass) -> new Duty(pool, name, clock, events, retry, stuck, pass);
    watchdog =
        duties.make(
            WATCHDOG,
            OWN_RETRY,
            OWN_STUCK_AFTER,
            new Watchdog(runs, outcomes, lease, clock, events));
    cancelling = duties.make(CANCELLER, OWN_RETRY, OWN_STUCK_AFTER, canceller);
    writing =
        duties.make(
            OUTCOME_WRITER,
            STORE_RETRY,
            stuckAfter,
            new OutcomeWriter(outcomes, answers, clock, events, this::wakeDispatcher));
    renewing =
        duties.make(
            LEASE_KEEPER,
            LEASE_RETRY,
            stuckAfter,
            new LeaseKeeper(
                answers,
                runs,
                outcomes,
                ahead,
                claims,
                lease,
                settings.renewInterval(),
                clock,
                events,
                this::wakeDispatcher));
    reaping =
        duties.make(
            REAPER,
            STORE_RETRY,
            stuckAfter,
            new Reaper(
                answers,
                settings.reapInterval(),
                settings.renewInterval(),
                events,
                this::wakeDispatcher));
    claiming = duties.make(DISPATCHER, STORE_RETRY, stuckAfter, dispatcher);
    // One of its own here, too: what is told once must not depend on who asked for health before.
    StackSampler told = new StackSampler(clock);
    saturation =
        new SaturationWatch(
            settings,
            abandoned,
            hooks.onSaturated(),
            call -> Threads.daemon("deriver-" + pool + "-saturated", call).start(),
            clock,
            events);
    starvation = new StarvationWatch(runs, settings.stallReportInterval(), clock, events);
    watching =
        duties.make(
            SENTINEL,
            OWN_RETRY,
            OWN_STUCK_AFTER,
            new Sentinel(
                settings.stallReportInterval(),
                List.of(
                    saturation,
                    new AbandonmentWatch(abandoned, told, clock, events),
                    starvation,
                    new StallWatch(
                        settings, runs, abandoned, outcomes, told, claiming, clock, events))));
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

  /** Makes the duties of one pool. */
  @FunctionalInterface
  private interface DutyMaker {
    Duty make(String name, Backoff retry, Duration stuckAfter, Duty.Pass pass);
  }

  // Called only once the rooms are up: nothing happens in them before their threads start.

  private boolean mayStart(String type, LeaseProof lease, Gates gates) {
    return !dispatcher.isPaused()
        && !dispatcher.isDraining()
        && !lease.expired()
        && !abandoned.atCap()
        && !pauses.isPaused(type)
        && !gates.isClosed(type)
        && !breakers.of(type).isOpen();
  }

  private void startThread(Run run) {
    threads.start(run);
  }

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

  ClaimedAhead ahead() {
    return ahead;
  }

  ClaimCalls claims() {
    return claims;
  }

  TypePauses pauses() {
    return pauses;
  }

  Breakers breakers() {
    return breakers;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  SaturationWatch saturation() {
    return saturation;
  }

  StarvationWatch starvation() {
    return starvation;
  }

  StoreAnswers answers() {
    return answers;
  }

  Duty watchdog() {
    return watchdog;
  }

  Duty claiming() {
    return claiming;
  }
}
