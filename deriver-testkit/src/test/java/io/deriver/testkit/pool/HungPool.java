package io.deriver.testkit.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import io.deriver.testkit.store.ErrorEntry;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real pool on a store in memory, all of whose slots hang in one way, and healthy units that come
 * after. Half of the hanging runs register what closes their call, the other half nothing.
 */
final class HungPool implements AutoCloseable {

  static final int SLOTS = 8;

  private static final ItemType<String> HUNG = ItemType.of("hung", String.class);
  private static final ItemType<String> HEALTHY = ItemType.of("healthy", String.class);
  private static final String NAME = "every-hang";
  private static final String PLAIN = "plain-";
  private static final String CLOSING = "closing-";
  private static final Backoff LONGER_THAN_ANY_TEST =
      Backoff.exponential(Duration.ofHours(1), Duration.ofHours(1));

  private final Hang hang;
  private final InMemoryWorkStore store = new InMemoryWorkStore();
  private final HeldClock clock = new HeldClock();
  private final PoolLog log = new PoolLog(NAME);
  private final Queue<PoolEvent> events = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> inside = new ConcurrentLinkedQueue<>();
  private final AtomicInteger healthyDone = new AtomicInteger();
  private final Pool pool;

  HungPool(
      Hang hang,
      ThreadKind kind,
      Consumer<Limits.Builder> limits,
      Consumer<Limits.Builder> healthyLimits) {
    this.hang = hang;
    this.pool =
        Pool.builder(store)
            .name(NAME)
            .slots(SLOTS)
            .virtualThreads(kind == ThreadKind.VIRTUAL)
            .processor(HUNG, this::hang, limits.andThen(l -> l.backoff(LONGER_THAN_ANY_TEST)))
            .processor(HEALTHY, this::work, healthyLimits)
            .pollInterval(Duration.ofMillis(5), Duration.ofMillis(50))
            .closeTimeout(Duration.ZERO)
            .listener(events::add)
            .clock(clock)
            .start();
  }

  /** Waits in real time, within a generous bound. */
  static void until(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }

  /** Whether this holds now and goes on to hold for a while. */
  static void stays(Duration time, Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .during(time)
        .until(condition);
  }

  private Outcome hang(WorkUnit<String> unit, RunContext run) throws Exception {
    inside.add(Thread.currentThread());
    boolean closing = unit.key().startsWith(CLOSING);
    hang.enter(run, closing ? run::onCancel : closeable -> {});
    return Outcome.done();
  }

  private Outcome work(WorkUnit<String> unit, RunContext run) {
    run.progress();
    healthyDone.incrementAndGet();
    return Outcome.done();
  }

  /** Has every slot hang, and waits until so many threads are seen to. */
  void hangEverySlot(int threads, String frame) throws InterruptedException {
    for (int i = 0; i < SLOTS; i++) {
      store.enqueue(Item.of(HUNG, (i % 2 == 0 ? PLAIN : CLOSING) + i, "hung"));
    }
    until(() -> inside.size() == threads && inside.stream().allMatch(t -> isAt(t, frame)));
    assertThat(hang.awaitHung(threads, Duration.ofSeconds(30))).isTrue();
  }

  private static boolean isAt(Thread thread, String frame) {
    for (StackTraceElement at : thread.getStackTrace()) {
      if (at.toString().contains(frame)) {
        return true;
      }
    }
    return false;
  }

  /** From now on time passes for the runs. */
  void startTheClock() {
    clock.letGo();
  }

  void enqueueHealthy(int count) {
    List<Item<String>> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(Item.of(HEALTHY, "healthy-" + i, "healthy"));
    }
    store.enqueueAll(items);
  }

  int healthyDone() {
    return healthyDone.get();
  }

  int threadsInside() {
    return inside.size();
  }

  int liveRuns() {
    return pool.health().live();
  }

  int abandoned() {
    return pool.health().abandoned().size();
  }

  /** The hung runs that a limit has ended. */
  List<PoolEvent.RunTimedOut> timedOut() {
    return events.stream()
        .filter(PoolEvent.RunTimedOut.class::isInstance)
        .map(PoolEvent.RunTimedOut.class::cast)
        .filter(event -> event.claim().type().equals(HUNG.name()))
        .toList();
  }

  /** The keys of hung runs that were given back because no thread had come to them. */
  Set<String> neverBegun() {
    return events.stream()
        .filter(PoolEvent.UnitReleased.class::isInstance)
        .map(PoolEvent.UnitReleased.class::cast)
        .filter(event -> event.claim().type().equals(HUNG.name()))
        .filter(event -> event.reason().contains("before a thread came to it"))
        .map(event -> event.claim().key())
        .collect(Collectors.toSet());
  }

  /** By how many milliseconds the slot that was last to come back was over the limit. */
  long slowestSlot() {
    return timedOut().stream()
        .mapToLong(event -> event.after().minus(WayToHang.LIMIT).toMillis())
        .max()
        .orElseThrow();
  }

  List<ErrorEntry> errorsOf(PoolEvent.RunTimedOut run) {
    return store.errors(HUNG.name(), run.claim().key());
  }

  List<String> logOf(PoolEvent.RunTimedOut run) {
    return log.linesWith("Run ended by force: " + run.claim());
  }

  long lateReturns() {
    return lateReturns(PLAIN) + lateReturns(CLOSING);
  }

  private long lateReturns(String prefix) {
    return events.stream()
        .filter(PoolEvent.LateReturn.class::isInstance)
        .map(PoolEvent.LateReturn.class::cast)
        .filter(event -> event.claim().key().startsWith(prefix))
        .count();
  }

  /**
   * What has become of the hung threads once nothing more becomes of them for a while; what is
   * expected to come is waited for.
   */
  Fate fate(@Nullable Fate expected, Duration settle) {
    if (expected == Fate.BY_INTERRUPT) {
      until(() -> lateReturns() == SLOTS);
    } else if (expected == Fate.BY_CLOSE) {
      until(() -> lateReturns(CLOSING) == SLOTS / 2);
    }
    return fate(settle);
  }

  private Fate fate(Duration settle) {
    long[] returned = {0, 0};
    Awaitility.await()
        .atMost(settle.plusSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .during(settle)
        .until(
            () -> {
              long plain = lateReturns(PLAIN);
              long closing = lateReturns(CLOSING);
              boolean same = plain == returned[0] && closing == returned[1];
              returned[0] = plain;
              returned[1] = closing;
              return same;
            });
    if (returned[0] > 0) {
      assertThat(returned).as("returned of four and four").containsExactly(4, 4);
      return Fate.BY_INTERRUPT;
    }
    if (returned[1] > 0) {
      assertThat(returned).as("returned of four and four").containsExactly(0, 4);
      return Fate.BY_CLOSE;
    }
    return Fate.ABANDONED;
  }

  @Override
  public void close() {
    pool.close();
    log.close();
  }
}
