package io.deriver.testkit.regression;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.internal.Checks;
import io.deriver.spi.WorkStore;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.HangingClient;
import io.deriver.testkit.catalogue.HangingProvider;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Shows that no way to hang wedges a pool that works with the host's own processor.
 *
 * <pre>{@code
 * RegressionReport report =
 *     DeadlockRegression.ofProvider(SUMMARY, "hello", p -> new Summaries(p.baseUrl())).play();
 * assertThat(report).recoversInEveryShape();
 * }</pre>
 *
 * <p>First the processor does a few units with a provider that is well. Then, for each shape, a
 * real pool is started, on real time, with short limits. All its slots meet the shape at once; when
 * they are free again the threads get some time to come back; then the provider recovers, and
 * healthy units follow. What is wrong then is in the report, with a hint: a slot that was kept; a
 * thread that did not come back; a unit that was done without a whole answer; calls that were
 * repeated without the pool; units that were not done in the end.
 *
 * <p>What holds: threads may stay away where {@link HangShape#expected()} says that nothing frees
 * them, and where the test allows it; every other thread that stays away is a failure, and so is a
 * shape that the processor never meets. What does not: only what calls the given provider is
 * tested; a shape that can be made in several ways is played in the first of them; the processes
 * and the database have shapes of their own, which are not played here. A client whose own timeout
 * is longer than the run's limit looks here like one that has none: give it a shorter one.
 *
 * <p>On virtual threads those shapes are left out, and noted, that would take the carriers of the
 * whole JVM: {@link HangShape#CPU_SPIN}, and {@link HangShape#CARRIER_PINNED} before Java 24. On
 * platform threads the latter is a wait inside {@code synchronized}.
 *
 * <p>To be used by one thread. Values are checked in {@link #play()}.
 *
 * @param <T> the payload class
 */
public final class DeadlockRegression<T> {

  private static final int DEFAULT_SLOTS = 4;
  private static final int DEFAULT_PARALLEL = 4;

  private final ItemType<T> type;
  private final Stage.Maker<T> maker;
  private final Set<HangShape> allowed = EnumSet.noneOf(HangShape.class);
  private final Set<HangShape> shapes;
  private IntFunction<Item<T>> items;
  private @Nullable WorkStore store;
  private @Nullable Consumer<Item<?>> enqueue;
  private int slots = DEFAULT_SLOTS;
  private int healthy = 20;
  private Consumer<Limits.Builder> limits = PlaySettings::shortLimits;
  private @Nullable Duration patience;
  private Duration within = Duration.ofSeconds(30);
  private int callsPerAttempt = 1;
  private boolean virtualThreads;
  private @Nullable Integer parallel;

  DeadlockRegression(ItemType<T> type, T payload, Stage.Maker<T> maker) {
    this.type = Objects.requireNonNull(type, "type");
    this.maker = maker;
    Objects.requireNonNull(payload, "payload");
    items = number -> Item.of(type, "regression-" + number, payload);
    shapes = EnumSet.allOf(HangShape.class);
    shapes.removeIf(shape -> shape.place() != maker.place());
  }

  /**
   * For processors whose client can be given an address: plays the shapes that are made on a
   * network.
   *
   * @param payload what every item carries
   * @param factory makes the processor with a client that calls the provider's {@code baseUrl()}
   */
  public static <T> DeadlockRegression<T> ofProvider(
      ItemType<T> type, T payload, ProcessorFactory<HangingProvider, T> factory) {
    return new DeadlockRegression<>(type, payload, Stage.network(factory));
  }

  /**
   * For processors that are handed their client: plays the shapes that are made in a client's code.
   *
   * @param payload what every item carries
   * @param factory makes the processor with this client behind the host's own interface
   */
  public static <T> DeadlockRegression<T> ofClient(
      ItemType<T> type, T payload, ProcessorFactory<HangingClient, T> factory) {
    return new DeadlockRegression<>(type, payload, Stage.client(factory));
  }

  /**
   * The items by their number, from 0 on, each with a key of its own, instead of {@code
   * regression-0} and so on with the one payload. Their delay does not count.
   */
  public DeadlockRegression<T> items(IntFunction<Item<T>> items) {
    this.items = Objects.requireNonNull(items, "items");
    return this;
  }

  /**
   * On this store instead of one in memory for each shape, shape after shape unless {@link
   * #parallel} says otherwise. The items have a type of their own for each shape.
   *
   * @param store for instance {@code queue.store()}, or an {@link InMemoryWorkStore} whose {@code
   *     apply} the processor answers with
   * @param enqueue for instance {@code queue::enqueue}
   */
  public DeadlockRegression<T> on(WorkStore store, Consumer<Item<?>> enqueue) {
    this.store = Objects.requireNonNull(store, "store");
    this.enqueue = Objects.requireNonNull(enqueue, "enqueue");
    return this;
  }

  /** The slots of each pool, all of which meet the shape; 1 to 64, default 4. */
  public DeadlockRegression<T> slots(int slots) {
    this.slots = slots;
    return this;
  }

  /** How many units follow once the provider has recovered; 1 to 1,000, default 20. */
  public DeadlockRegression<T> healthyUnits(int healthy) {
    this.healthy = healthy;
    return this;
  }

  /**
   * The limits of a run, over these defaults: timeout 2 s, idle timeout 1 s, 10 attempts, 50 to 500
   * ms between them. In shapes that end a call at once the timeout is five times as long, and the
   * only limit. The timeout must not be over 30 s, since most shapes last for as long; healthy
   * units must be able to end within it on a slow machine.
   */
  public DeadlockRegression<T> limits(Consumer<Limits.Builder> limits) {
    this.limits = this.limits.andThen(limits);
    return this;
  }

  /**
   * How long a thread may take to come back after its run was ended, before it counts as abandoned;
   * 100 ms to 10 min, default 10 s, and 3 s in shapes that nothing frees.
   */
  public DeadlockRegression<T> patience(Duration patience) {
    this.patience = Objects.requireNonNull(patience, "patience");
    return this;
  }

  /**
   * How long may pass until all slots are free again, and then until all units have ended; 100 ms
   * to 10 min, default 30 s.
   */
  public DeadlockRegression<T> within(Duration within) {
    this.within = within;
    return this;
  }

  /**
   * How many calls one attempt may make to a provider that does not answer; 1 to 100, default 1.
   */
  public DeadlockRegression<T> callsPerAttempt(int calls) {
    this.callsPerAttempt = calls;
    return this;
  }

  /** Plays on virtual threads, which need Java 21; default false. */
  public DeadlockRegression<T> virtualThreads(boolean virtualThreads) {
    this.virtualThreads = virtualThreads;
    return this;
  }

  /**
   * How many shapes are played at once; 1 to 64, default 4, on a given store 1: each has a pool of
   * its own, which takes connections of its own. Shapes that burn the processor are always played
   * alone.
   */
  public DeadlockRegression<T> parallel(int shapes) {
    this.parallel = shapes;
    return this;
  }

  /**
   * In these threads may stay away. The slots must still come back and the pool recover. One that
   * abandons nothing any more is noted in the report, and no failure.
   */
  public DeadlockRegression<T> allowAbandoned(HangShape... shapes) {
    allowed.addAll(Arrays.asList(shapes));
    return this;
  }

  /** Plays these alone, of those that can be. */
  public DeadlockRegression<T> only(HangShape... shapes) {
    this.shapes.retainAll(Arrays.asList(shapes));
    return this;
  }

  /** Leaves these out. */
  public DeadlockRegression<T> without(HangShape... shapes) {
    Arrays.asList(shapes).forEach(this.shapes::remove);
    return this;
  }

  /**
   * Plays. With the defaults and a processor that lets go it takes about 20 s for the shapes of a
   * network, most of it waiting.
   *
   * @throws IllegalArgumentException if a value is out of its range or no shape is left; the
   *     message names it
   * @throws IllegalStateException if a processor cannot be made; its cause is what the factory
   *     threw
   * @throws InterruptedException if the calling thread is interrupted; what was begun is closed
   */
  public RegressionReport play() throws InterruptedException {
    Checks.rule(
        !shapes.isEmpty(),
        "shapes is empty; only(..) and without(..) must leave one that is made in place %s",
        maker.place());
    PlaySettings settings = settings();
    Plays plays = new Plays(atOnce());
    Judge judge = new Judge(settings, allowed);
    if (maker.forWarmUp().isPresent()) {
      warmUp(maker.forWarmUp().get());
    }
    return new RegressionReport(
        plays.all(List.copyOf(shapes), shape -> play(shape, settings, judge)));
  }

  private int atOnce() {
    return parallel != null
        ? Checks.between("parallel", parallel, 1, 64)
        : store == null ? DEFAULT_PARALLEL : 1;
  }

  private PlaySettings settings() {
    return new PlaySettings(
        slots, healthy, limits, patience, within, callsPerAttempt, virtualThreads);
  }

  /** Does a few units on a stage that can be in this shape, and is not. */
  void warmUp(HangShape shape) throws InterruptedException {
    try {
      WarmUp.with(settings(), playItems("warm-up"), stage(shape));
    } catch (StageUnavailableException e) {
      throw new IllegalStateException("no provider can be made", e);
    }
  }

  boolean plays(HangShape shape) {
    return shapes.contains(shape);
  }

  private ShapeReport play(HangShape shape, PlaySettings settings, Judge judge)
      throws InterruptedException {
    if (virtualThreads && Plays.takesCarriers(shape)) {
      return ShapeReport.notPlayed(
          shape, "on virtual threads it takes the carriers of the whole JVM");
    }
    try {
      Stage<T> stage = stage(shape);
      return judge.judge(new ShapePlay<>(shape, settings, playItems(shape.name()), stage).play());
    } catch (StageUnavailableException e) {
      return ShapeReport.notPlayed(shape, String.valueOf(e.getMessage()));
    }
  }

  private Stage<T> stage(HangShape shape) throws StageUnavailableException {
    try {
      return maker.make(shape);
    } catch (StageUnavailableException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("no processor can be made for " + shape, e);
    }
  }

  private PlayItems<T> playItems(String name) {
    if (store == null || enqueue == null) {
      InMemoryWorkStore own = new InMemoryWorkStore();
      return PlayItems.of(type, name, items, own, own::enqueue);
    }
    return PlayItems.of(type, name, items, store, enqueue);
  }
}
