package io.deriver;

import io.deriver.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a type's units may take: time, attempts and size, and what happens when they take more.
 *
 * <p>Three limits end a run, the tightest first: {@code timeout} for the whole run, {@code
 * idleTimeout} for a time without {@link RunContext#progress()}, {@code firstProgressTimeout} for
 * the time to the first one. All of them are the unit's, not the item's.
 *
 * <p>Immutable and thread-safe.
 */
public final class Limits {

  private static final int MOST_WEIGHT = 1_000_000_000;

  private final Duration timeout;
  private final @Nullable Duration idleTimeout;
  private final @Nullable Duration firstProgressTimeout;
  private final int maxAttempts;
  private final int maxItems;
  private final int maxBytes;
  private final @Nullable Integer maxWeight;
  private final @Nullable Gathering gathering;
  private final @Nullable Integer maxConcurrent;
  private final @Nullable Integer maxConcurrentOverall;
  private final Duration maxAge;
  private final Backoff backoff;
  private final FailurePolicy failurePolicy;
  private final ZombiePolicy zombiePolicy;
  private final BreakerPolicy breaker;
  private final @Nullable Gate gate;

  private Limits(Builder builder) {
    timeout =
        Checks.between("timeout", builder.timeout, Duration.ofMillis(100), Duration.ofDays(1));
    idleTimeout = within("idleTimeout", builder.idleTimeout, timeout);
    firstProgressTimeout = within("firstProgressTimeout", builder.firstProgressTimeout, timeout);
    maxAttempts = Checks.between("maxAttempts", builder.maxAttempts, 1, 100);
    maxItems = Checks.between("maxItems", builder.maxItems, 1, 100);
    maxBytes = Checks.between("maxBytes", builder.maxBytes, 1, 64 << 20);
    maxWeight = atMost("maxWeight", builder.maxWeight, MOST_WEIGHT);
    gathering = gathering(builder, maxWeight);
    maxConcurrent = atMost("maxConcurrent", builder.maxConcurrent, 10_000);
    maxConcurrentOverall = atMost("maxConcurrentOverall", builder.maxConcurrentOverall, 100_000);
    maxAge = Checks.between("maxAge", builder.maxAge, Duration.ofSeconds(1), Duration.ofDays(366));
    backoff = Objects.requireNonNull(builder.backoff, "backoff");
    failurePolicy = Objects.requireNonNull(builder.failurePolicy, "failurePolicy");
    zombiePolicy = Objects.requireNonNull(builder.zombiePolicy, "zombiePolicy");
    breaker = Objects.requireNonNull(builder.breaker, "breaker");
    gate = builder.gate;
  }

  private static @Nullable Integer atMost(String setting, @Nullable Integer value, int most) {
    return value == null ? null : Checks.between(setting, value, 1, most);
  }

  private static @Nullable Gathering gathering(Builder builder, @Nullable Integer maxWeight) {
    if (builder.gather == null) {
      return null;
    }
    Gathering gathering = builder.gather.get();
    Checks.rule(
        maxWeight == null || gathering.minWeight() <= maxWeight,
        "minWeight is %d; it must not be over maxWeight, which is %d",
        gathering.minWeight(),
        maxWeight);
    return gathering;
  }

  private static @Nullable Duration within(
      String setting, @Nullable Duration value, Duration timeout) {
    if (value == null) {
      return null;
    }
    Checks.rule(
        value.compareTo(Duration.ofMillis(100)) >= 0 && value.compareTo(timeout) <= 0,
        "%s is %s; it must be between PT0.1S and timeout, which is %s",
        setting,
        value,
        timeout);
    return value;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** See {@link Builder#timeout}. */
  public Duration timeout() {
    return timeout;
  }

  /** See {@link Builder#idleTimeout}; empty for none. */
  public Optional<Duration> idleTimeout() {
    return Optional.ofNullable(idleTimeout);
  }

  /** See {@link Builder#firstProgressTimeout}; empty for none. */
  public Optional<Duration> firstProgressTimeout() {
    return Optional.ofNullable(firstProgressTimeout);
  }

  /** See {@link Builder#maxAttempts}. */
  public int maxAttempts() {
    return maxAttempts;
  }

  /** See {@link Builder#maxItems}. */
  public int maxItems() {
    return maxItems;
  }

  /** See {@link Builder#maxBytes}. */
  public int maxBytes() {
    return maxBytes;
  }

  /** See {@link Builder#maxWeight}; empty for none. */
  public Optional<Integer> maxWeight() {
    return Optional.ofNullable(maxWeight);
  }

  /** See {@link Builder#gather}; empty if units wait for nothing. */
  public Optional<Gathering> gather() {
    return Optional.ofNullable(gathering);
  }

  /** See {@link Builder#maxConcurrent}; empty for none. */
  public Optional<Integer> maxConcurrent() {
    return Optional.ofNullable(maxConcurrent);
  }

  /** See {@link Builder#maxConcurrentOverall}; empty for none. */
  public Optional<Integer> maxConcurrentOverall() {
    return Optional.ofNullable(maxConcurrentOverall);
  }

  /** See {@link Builder#maxAge}. */
  public Duration maxAge() {
    return maxAge;
  }

  /** See {@link Builder#backoff}. */
  public Backoff backoff() {
    return backoff;
  }

  /** See {@link Builder#failurePolicy}. */
  public FailurePolicy failurePolicy() {
    return failurePolicy;
  }

  /** See {@link Builder#zombiePolicy}. */
  public ZombiePolicy zombiePolicy() {
    return zombiePolicy;
  }

  /** See {@link Builder#breaker}. */
  public BreakerPolicy breaker() {
    return breaker;
  }

  /** See {@link Builder#gate}; empty for none. */
  public Optional<Gate> gate() {
    return Optional.ofNullable(gate);
  }

  /** Collects limits; not thread-safe. Values are checked in {@link #build()}. */
  public static final class Builder {

    private Duration timeout = Duration.ofMinutes(10);
    private @Nullable Duration idleTimeout;
    private @Nullable Duration firstProgressTimeout;
    private int maxAttempts = 5;
    private int maxItems = 1;
    private int maxBytes = 4 << 20;
    private @Nullable Integer maxWeight;
    private @Nullable Supplier<Gathering> gather;
    private @Nullable Integer maxConcurrent;
    private @Nullable Integer maxConcurrentOverall;
    private Duration maxAge = Duration.ofDays(1);
    private Backoff backoff = Backoff.standard();
    private FailurePolicy failurePolicy = FailurePolicy.standard();
    private ZombiePolicy zombiePolicy = ZombiePolicy.release();
    private BreakerPolicy breaker = BreakerPolicy.standard();
    private @Nullable Gate gate;

    private Builder() {}

    /** How long a run may take in all; 100 ms to 1 day, default 10 min. */
    public Builder timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    /** How long a run may go without progress; 100 ms to the timeout, default none. */
    public Builder idleTimeout(Duration idleTimeout) {
      this.idleTimeout = idleTimeout;
      return this;
    }

    /** How long a run may take to its first progress; 100 ms to the timeout, default none. */
    public Builder firstProgressTimeout(Duration firstProgressTimeout) {
      this.firstProgressTimeout = firstProgressTimeout;
      return this;
    }

    /**
     * After how many attempts an item that is alone in its unit is dead-lettered; 1 to 100, default
     * 5. The last attempt of a key that fails is for one item alone.
     */
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /**
     * How many items a unit holds at most; 1 to 100, default 1. After a failure the next unit of
     * the key holds the older half of the failed one, in the end one item; with each that is done
     * the next may be twice as large. So what is set aside has failed alone.
     */
    public Builder maxItems(int maxItems) {
      this.maxItems = maxItems;
      return this;
    }

    /**
     * How many bytes of payload a unit holds at most, 1 to 64 MiB, default 4 MiB. The first item is
     * always included.
     */
    public Builder maxBytes(int maxBytes) {
      this.maxBytes = maxBytes;
      return this;
    }

    /**
     * What the items of a unit weigh together at most, by the {@linkplain Item#weight weights} that
     * they were enqueued with: the tokens that one call may take, say. 1 to 1,000,000,000, default
     * none. The first item is always included, also one that is over by itself.
     */
    public Builder maxWeight(int maxWeight) {
      this.maxWeight = maxWeight;
      return this;
    }

    /**
     * A key waits until its items weigh so much together, or its oldest item has waited so long;
     * default: it waits for nothing. Nor does a key wait that has items for a full unit by {@code
     * maxItems}, or for the next variant, or one whose unit is tried again. An item that is not yet
     * due counts with the others. The store's own clock says how old an item is.
     *
     * <p>A type gathers by the word of the pool that started last: where processes differ, as in a
     * rolling deploy, the others go by it, too, and say so in {@code health()}.
     *
     * @param minWeight 2 to 1,000,000,000, not over the {@linkplain #maxWeight largest weight} of a
     *     unit
     * @param maxWait 1 ms to 366 days
     */
    public Builder gather(int minWeight, Duration maxWait) {
      this.gather = () -> new Gathering(minWeight, maxWait);
      return this;
    }

    /**
     * How many units of the type run at once in this pool, at most: what the provider allows, say,
     * where other types need slots, too. 1 to 10,000, default as many as slots. A slot that an
     * abandoned thread has left does not count, though the thread may still be at its call. Other
     * processes have limits of their own; for one of all of them see {@link #maxConcurrentOverall}.
     */
    public Builder maxConcurrent(int maxConcurrent) {
      this.maxConcurrent = maxConcurrent;
      return this;
    }

    /**
     * How many keys of the type are claimed at once by all pools together, at most; 1 to 100,000,
     * default any number. A key counts until the end of its claim is written, or a reaper took it
     * back. It is the claiming pool's own number that counts: give all of them the same. One pool
     * at a time claims of such a type; a pool that finds no room looks again when it polls next.
     */
    public Builder maxConcurrentOverall(int maxConcurrentOverall) {
      this.maxConcurrentOverall = maxConcurrentOverall;
      return this;
    }

    /**
     * Up to which age of its oldest item a unit gets an attempt back that failed for the provider's
     * sake (the {@linkplain #breaker breaker} is open, or the failure policy says {@link
     * FailurePolicy.Kind#RELEASE}); 1 s to 366 days, default 1 day. After that each attempt counts.
     */
    public Builder maxAge(Duration maxAge) {
      this.maxAge = maxAge;
      return this;
    }

    /** How long a unit rests after a failed attempt; default {@link Backoff#standard()}. */
    public Builder backoff(Backoff backoff) {
      this.backoff = backoff;
      return this;
    }

    /** What an exception means; default {@link FailurePolicy#standard()}. */
    public Builder failurePolicy(FailurePolicy failurePolicy) {
      this.failurePolicy = failurePolicy;
      return this;
    }

    /**
     * What happens to a key whose thread does not return; default {@link ZombiePolicy#release()}.
     */
    public Builder zombiePolicy(ZombiePolicy zombiePolicy) {
      this.zombiePolicy = zombiePolicy;
      return this;
    }

    /** What happens when all of the type fails; default {@link BreakerPolicy#standard()}. */
    public Builder breaker(BreakerPolicy breaker) {
      this.breaker = breaker;
      return this;
    }

    /** A breaker or rate limiter of the host's own, asked before each call; default none. */
    public Builder gate(Gate gate) {
      this.gate = Objects.requireNonNull(gate, "gate");
      return this;
    }

    /**
     * Checks the values and fixes them.
     *
     * @throws IllegalArgumentException if a value is out of its range or two cannot work together;
     *     the message names setting, value and rule
     */
    public Limits build() {
      return new Limits(this);
    }
  }
}
