package io.deriver.testkit.regression;

import io.deriver.Health.RunInfo;
import io.deriver.Pool;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.pool.UnitEnd;
import io.deriver.testkit.regression.Observed.Met;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plays one shape: lets it take every slot of a pool, waits until all are free, gives the threads
 * time to come back, lets the provider recover, and waits until everything is worked. No item is
 * claimed a second time before the provider recovers, so that each call in excess is the client's.
 * Used once, by one thread.
 */
final class ShapePlay<T> {

  private static final Duration LEAVE = Duration.ofSeconds(5);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  private final HangShape shape;
  private final PlaySettings settings;
  private final PlayItems<T> items;
  private final Stage<T> stage;
  private final PlayLog log = new PlayLog();

  ShapePlay(HangShape shape, PlaySettings settings, PlayItems<T> items, Stage<T> stage) {
    this.shape = shape;
    this.settings = settings;
    this.items = items;
    this.stage = stage;
  }

  /** Plays; closes the stage, whatever happens. */
  Observed play() throws InterruptedException {
    Observed seen = playThenClose();
    boolean empty = log.await(() -> threadsAway(log.runs()) == 0, LEAVE);
    return empty ? seen : seen.withLeftovers((int) threadsAway(log.runs()));
  }

  private Observed playThenClose() throws InterruptedException {
    Observed seen = null;
    try (stage;
        Pool pool = PlayPool.start(settings, PlayPool.limits(settings, shape), items, stage, log)) {
      seen = playOn(pool);
      return seen;
    } catch (RuntimeException notClosed) {
      if (seen == null) {
        throw notClosed;
      }
      // What was seen is worth more than that something could not be closed.
      return seen.withTrouble(notClosed.toString());
    }
  }

  private Observed playOn(Pool pool) throws InterruptedException {
    // A connection can be dead in a client's pool only if a call has gone well on it before.
    int rounds = shape == HangShape.DEAD_POOLED_CONNECTION ? 2 : 1;
    List<String> hung = items.enqueue(0, settings.slots() * rounds);
    boolean begun = log.await(() -> begun().containsAll(hung), settings.within());
    pool.pause();
    Met met = awaitMet();
    // A run that has left its processor can still be in the step of its outcome: the pool knows.
    boolean free =
        begun && log.await(() -> allOver() && pool.health().live() == 0, settings.within());
    awaitReturns(pool);
    // Asked for before the runs are counted: a run that begins in between excuses its call.
    OptionalInt calls = stage.calls();
    List<WatchedRun> runs = log.runs();
    Set<Long> inStep = inStep(pool);
    List<Observed.OneRun> seen = runs.stream().map(run -> seen(run, inStep)).toList();
    Duration back = slotsBackAfter(runs);

    stage.recover();
    pool.resume();
    int next = settings.slots() * rounds;
    List<String> healthy = items.enqueue(next, next + settings.healthy());
    List<String> all = new ArrayList<>(hung);
    all.addAll(healthy);
    log.await(() -> nothingToAwait(all, healthy), settings.within());
    return new Observed(
        shape, free, back, met, seen, calls, unfinished(hung, healthy), setAside(hung), 0, "");
  }

  private boolean nothingToAwait(List<String> all, List<String> healthy) {
    return all.stream().allMatch(key -> log.over(key).isPresent() || isPostponed(key))
        || FindingHints.distrustsTheCertificate(shape, healthy.stream().map(this::last).toList());
  }

  private Set<String> begun() {
    return log.runs().stream().map(WatchedRun::key).collect(Collectors.toCollection(HashSet::new));
  }

  private boolean allOver() {
    return log.runs().stream().allMatch(log::isOver);
  }

  private Met awaitMet() throws InterruptedException {
    try {
      long until = System.nanoTime() + settings.within().toNanos();
      Met met = Met.BY_NONE;
      while (!stage.awaitMet(settings.slots(), LOOK_AGAIN)) {
        if (met == Met.BY_NONE && stage.awaitMet(1, Duration.ZERO)) {
          met = Met.BY_SOME;
        }
        if (allOver() || System.nanoTime() - until >= 0) {
          return met == Met.BY_NONE && stage.wasMet() ? Met.BY_SOME : met;
        }
      }
      return Met.BY_ALL;
    } catch (UnsupportedOperationException kernelDoesNotTell) {
      return Met.UNKNOWN;
    }
  }

  private void awaitReturns(Pool pool) throws InterruptedException {
    Duration patience = settings.patienceIn(shape);
    if (!log.await(() -> threadsAway(log.runs()) == 0 && inStep(pool).isEmpty(), patience)) {
      stage.answerLate();
      if (shape == HangShape.ANSWERS_LATE) {
        log.await(() -> threadsAway(log.runs()) == 0, patience);
      }
    }
  }

  /** The runs that have left their processors and were ended by force, and are not back. */
  private Set<Long> inStep(Pool pool) {
    Set<Long> away =
        pool.health().abandoned().stream()
            .map(RunInfo::fence)
            .collect(Collectors.toCollection(HashSet::new));
    log.runs().stream().filter(run -> !run.hasReturned()).forEach(run -> away.remove(run.fence()));
    return away;
  }

  private static long threadsAway(List<WatchedRun> runs) {
    return runs.stream().filter(run -> !run.hasReturned()).count();
  }

  private Duration slotsBackAfter(List<WatchedRun> runs) {
    long lastBegan = runs.stream().mapToLong(WatchedRun::beganAt).max().orElse(0);
    long lastOver =
        runs.stream()
            .mapToLong(run -> log.forced(run).map(PlayLog.Forced::atNanos).orElse(run.returnedAt()))
            .max()
            .orElse(0);
    return Duration.ofNanos(Math.max(0, lastOver - lastBegan));
  }

  private Observed.OneRun seen(WatchedRun run, Set<Long> inStep) {
    Optional<PlayLog.Forced> forced = log.forced(run);
    Thread closer = run.closer();
    boolean away = !run.hasReturned() || inStep.contains(run.fence());
    boolean later = run.endedByItself() && forced.isPresent();
    return new Observed.OneRun(
        run.key(),
        away
            ? Freed.ABANDONED
            : run.freed(forced.map(PlayLog.Forced::atNanos).orElse(run.returnedAt()), later),
        away ? Stacks.of(run.thread(), WatchedProcessor.class) : List.of(),
        closer == null ? List.of() : Stacks.of(closer, WatchedRun.class),
        run.registered(),
        run.progressCalls(),
        run.saidDone() && !later,
        forced.map(PlayLog.Forced::by).orElse(null));
  }

  private List<String> unfinished(List<String> hung, List<String> healthy) {
    List<String> lines = new ArrayList<>();
    hung.stream()
        .filter(key -> log.over(key).isEmpty() && !isPostponed(key))
        .forEach(key -> lines.add("hung before, key=%s: %s".formatted(key, last(key))));
    healthy.stream()
        .filter(key -> !log.isDone(key))
        .forEach(key -> lines.add("healthy, key=%s: %s".formatted(key, last(key))));
    return lines;
  }

  private List<String> setAside(List<String> hung) {
    return hung.stream()
        .flatMap(key -> log.over(key).stream())
        .filter(end -> !PlayLog.isDone(end))
        .map(end -> "key=%s: %s".formatted(end.key(), end))
        .toList();
  }

  /** Whether the processor does as the provider said: it asks for days, which nobody waits for. */
  private boolean isPostponed(String key) {
    return shape == HangShape.RETRY_AFTER_DAYS
        && log.last(key).filter(end -> end.delay().compareTo(settings.within()) > 0).isPresent();
  }

  private String last(String key) {
    return log.last(key).map(UnitEnd::toString).orElse("no claim of it has ended");
  }
}
