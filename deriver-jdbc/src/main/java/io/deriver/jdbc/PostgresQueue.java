package io.deriver.jdbc;

import io.deriver.Codecs;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.internal.Checks;
import io.deriver.internal.Names;
import io.deriver.jdbc.internal.CountCall;
import io.deriver.jdbc.internal.DeadLetterCalls;
import io.deriver.jdbc.internal.DoneCalls;
import io.deriver.jdbc.internal.Encoder;
import io.deriver.jdbc.internal.Enqueuer;
import io.deriver.jdbc.internal.FlushCalls;
import io.deriver.jdbc.internal.Handles;
import io.deriver.jdbc.internal.HostCalls;
import io.deriver.jdbc.internal.JacksonCodecs;
import io.deriver.jdbc.internal.KeyCalls;
import io.deriver.jdbc.internal.PostgresStore;
import io.deriver.jdbc.internal.Retention;
import io.deriver.jdbc.internal.SchemaCheck;
import io.deriver.jdbc.internal.SchemaInstall;
import io.deriver.jdbc.internal.SchemaName;
import io.deriver.jdbc.internal.Step;
import io.deriver.jdbc.internal.StoreParts;
import io.deriver.jdbc.internal.TypeCalls;
import io.deriver.spi.WorkStore;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The host's way to enqueue and operate work in a Postgres schema.
 *
 * <p>What holds: an item whose enqueue has returned (or whose transaction has committed) ends
 * completed or as a dead letter, or is pending. Enqueueing only inserts: it waits for nobody and
 * nobody waits for it, however long the transaction around it lasts.
 *
 * <p>What does not: an enqueue that threw because the connection broke may have been committed.
 *
 * <p>Thread-safe. Holds no connection; the pools that are built on {@link #store()} hold theirs.
 * Every method but those within the caller's transaction takes a connection of the DataSource for
 * its time, and throws {@link io.deriver.spi.StoreException} with a message that says what to do
 * when the database does not play along, at the latest two seconds after its {@link
 * Builder#callTimeout}, whatever the network does; only over TLS may one that hangs in writing
 * (more than the socket's buffer, to a server that reads no more) take until TCP gives up, since
 * closing such a socket waits for the write. How long {@code getConnection()} may take is the
 * DataSource's to say: of the driver's own, set {@code connectTimeout} and {@code loginTimeout}.
 */
public final class PostgresQueue {

  private final WorkStore store;
  private final Enqueuer enqueuer;
  private final DeadLetterCalls deadLetters;
  private final FlushCalls flushes;
  private final Operations operations;
  private final CountCall counting;

  private PostgresQueue(Builder builder, StoreParts parts, HostCalls calls) {
    store = new PostgresStore(parts);
    Encoder encoder = new Encoder(builder.codecs, builder.maxPayloadBytes);
    enqueuer = new Enqueuer(parts, calls, encoder, builder.notifyInTransactions);
    deadLetters = new DeadLetterCalls(calls, enqueuer::tell);
    operations =
        new Operations(
            new KeyCalls(calls),
            new TypeCalls(calls, enqueuer::tell),
            deadLetters,
            new DoneCalls(calls));
    flushes = new FlushCalls(calls, enqueuer::tell);
    counting = new CountCall(calls);
  }

  /**
   * A queue in the schema {@code deriver}, with the defaults.
   *
   * @throws io.deriver.spi.StoreException if the database cannot be reached, is read-only, or the
   *     schema is missing, older or newer than this library; the message says which and what to do
   */
  public static PostgresQueue on(DataSource dataSource) {
    return builder(dataSource).build();
  }

  /** A builder with the defaults. */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
  }

  /** The store to build pools on. */
  public WorkStore store() {
    return store;
  }

  /**
   * Adds an item, in a transaction of its own.
   *
   * @throws IllegalArgumentException if the payload is over {@code maxPayloadBytes}, is no JSON or
   *     has a NUL character that its JSON does not escape
   */
  public Enqueued enqueue(Item<?> item) {
    Objects.requireNonNull(item, "item");
    return enqueueAll(List.of(item)).get(0);
  }

  /**
   * Adds items in one transaction, all or none, and answers for each in the same order.
   *
   * @throws IllegalArgumentException as of {@link #enqueue(Item)}
   */
  public List<Enqueued> enqueueAll(List<? extends Item<?>> items) {
    return enqueuer.alone(items);
  }

  /**
   * Adds an item in the caller's transaction (or alone, where the connection commits by itself). Of
   * the transaction nothing is changed, and pools hear of the item when they poll next, unless
   * {@link Builder#notifyInTransactions}.
   *
   * @throws IllegalArgumentException as of {@link #enqueue(Item)}
   */
  public Enqueued enqueue(Connection connection, Item<?> item) {
    Objects.requireNonNull(item, "item");
    return enqueueAll(connection, List.of(item)).get(0);
  }

  /** Adds items in the caller's transaction; see {@link #enqueue(Connection, Item)}. */
  public List<Enqueued> enqueueAll(Connection connection, List<? extends Item<?>> items) {
    return enqueuer.within(connection, items);
  }

  /** Adds an item in the handle's transaction; see {@link #enqueue(Connection, Item)}. */
  public Enqueued enqueue(Handle handle, Item<?> item) {
    return enqueue(handle.getConnection(), item);
  }

  /** Adds items in the handle's transaction; see {@link #enqueue(Connection, Item)}. */
  public List<Enqueued> enqueueAll(Handle handle, List<? extends Item<?>> items) {
    return enqueueAll(handle.getConnection(), items);
  }

  /**
   * Makes the items of a key that are there claimable, though a pool's {@link
   * io.deriver.Limits.Builder#gather} would have them wait for others. What is enqueued later waits
   * as before; where nothing waits, nothing happens.
   *
   * @throws IllegalArgumentException if the key breaks the rule for keys
   */
  public void flush(ItemType<?> type, String key) {
    flushes.flush(type.name(), Names.requireKey(key));
  }

  /**
   * The same for all keys of a type. It returns at once; the pools' next claims make the keys
   * claimable, 500 in each.
   */
  public void flush(ItemType<?> type) {
    flushes.flush(type.name());
  }

  /** The same for all types. */
  public void flushAll() {
    flushes.flush(null);
  }

  /**
   * All items are done, and this step commits with that, once, however often the unit is tried. The
   * step runs on a connection of the DataSource, READ COMMITTED, on the run's own thread and under
   * its limits; no lock of deriver's is held meanwhile.
   */
  public Outcome apply(HandleStep step) {
    Objects.requireNonNull(step, "step");
    return applyJdbc(
        connection ->
            Handles.with(
                connection,
                handle -> {
                  step.run(handle);
                  if (handle.isClosed()) {
                    throw new IllegalStateException(
                        "the step closed its handle; it belongs to the transaction");
                  }
                  return true;
                }));
  }

  /** As {@link #apply}, with plain JDBC. */
  public Outcome applyJdbc(ConnectionStep step) {
    Objects.requireNonNull(step, "step");
    return Outcome.apply(new Step(step::run));
  }

  /**
   * Dead letters of a type, by id.
   *
   * @param afterId the last id of the page before; 0 for the first page
   * @param limit 1 to 1,000
   */
  public List<DeadLetter> deadLetters(String type, long afterId, int limit) {
    Names.requireType(type);
    Checks.between("limit", limit, 1, 1_000);
    return deadLetters.list(type, afterId, limit);
  }

  /**
   * Puts dead letters back as pending items, at the end of their keys' order, attempts and history
   * anew. They keep their ids.
   *
   * @return how many of them were dead letters
   */
  public int requeue(Collection<Long> ids) {
    return deadLetters.requeue(ids);
  }

  /** Deletes dead letters for good; answers how many of them were dead letters. */
  public int discard(Collection<Long> ids) {
    return deadLetters.discard(ids);
  }

  /** What operators do beside these: look at a key, cancel, pause a type, dead letters in bulk. */
  public Operations operations() {
    return operations;
  }

  /** Counts everything. Reads whole tables: for people and dashboards, not for loops. */
  public QueueCounts counts() {
    return counting.counts(null);
  }

  /** Counts one type. */
  public QueueCounts counts(String type) {
    return counting.counts(Names.requireType(type));
  }

  @Override
  public String toString() {
    return "PostgresQueue on " + store;
  }

  /** Collects what a queue is made of; not thread-safe. */
  public static final class Builder {

    private final DataSource dataSource;
    private @Nullable DataSource maintenance;
    private SchemaName schema = SchemaName.DEFAULT;
    private boolean notifications = true;
    private boolean notifyInTransactions;
    private int maxPayloadBytes = 1 << 20;
    private Codecs codecs = new JacksonCodecs();
    private Duration callTimeout = Duration.ofSeconds(30);
    private boolean serverPreparedStatements = true;
    private @Nullable Duration keepDeadLetters;
    private @Nullable Duration keepDone;

    private Builder(DataSource dataSource) {
      this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * The schema of deriver's tables; default {@code deriver}.
     *
     * @throws IllegalArgumentException if it does not match {@code [a-z_][a-z0-9_]{0,40}}
     */
    public Builder schema(String schema) {
      this.schema = SchemaName.of(schema);
      return this;
    }

    /**
     * Where pools take the connections that their own duties keep (claim, write, renew, reap, and
     * one to listen); default the queue's DataSource, of which five are then gone for each pool.
     */
    public Builder maintenanceDataSource(DataSource maintenance) {
      this.maintenance = Objects.requireNonNull(maintenance, "maintenanceDataSource");
      return this;
    }

    /**
     * Whether enqueues tell other processes by NOTIFY, and pools LISTEN; default true. Without it
     * work is found by polling, and by pools of this queue object at once. Switch it off behind a
     * proxy that pools by transaction.
     */
    public Builder notifications(boolean notifications) {
      this.notifications = notifications;
      return this;
    }

    /**
     * Whether enqueues inside the caller's transaction notify too; default false, since commits
     * that notify wait for one another in the server.
     */
    public Builder notifyInTransactions(boolean notify) {
      this.notifyInTransactions = notify;
      return this;
    }

    /** The largest payload, in bytes of UTF-8; 1 byte to 64 MiB, default 1 MiB. */
    public Builder maxPayloadBytes(int maxPayloadBytes) {
      this.maxPayloadBytes = Checks.between("maxPayloadBytes", maxPayloadBytes, 1, 64 << 20);
      return this;
    }

    /**
     * The codecs of types that bring none; default Jackson: no default typing, unknown fields
     * ignored, modules of the class path added (java.time wants jackson-datatype-jsr310).
     */
    public Builder codecs(Codecs codecs) {
      this.codecs = Objects.requireNonNull(codecs, "codecs");
      return this;
    }

    /**
     * How long a call on the caller's own thread may take once it has its connection: enqueues in a
     * transaction of their own, operators' calls, {@link #installSchema}, {@link #build}; 100 ms to
     * 10 min, default 30 s. The server ends the statement then; a second later the network timeout
     * does, and after another the connection is cut off. Calls within the caller's transaction keep
     * the limits that it has.
     */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout =
          Checks.between(
              "callTimeout", callTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
      return this;
    }

    /**
     * How long dead letters are kept, of whatever type; 1 min to 3,660 days, default for ever. The
     * reapers of this queue's pools drop older ones for good, from their first pass on, 500 at a
     * time.
     */
    public Builder keepDeadLetters(Duration keep) {
      this.keepDeadLetters =
          Checks.between("keepDeadLetters", keep, Duration.ofMinutes(1), Duration.ofDays(3_660));
      return this;
    }

    /**
     * Has one row written for each item that ends, by this queue and the pools on it, in the
     * transaction that ends it, and kept for so long; 1 min to 3,660 days, default none: nothing is
     * written. The reapers of this queue's pools drop older ones for good, from their first pass
     * on, 2,000 at a time. Read them by {@link Operations#done}.
     */
    public Builder keepDone(Duration keep) {
      this.keepDone =
          Checks.between("keepDone", keep, Duration.ofMinutes(1), Duration.ofDays(3_660));
      return this;
    }

    /**
     * Whether the driver may prepare the library's statements on the server, as each connection is
     * set up to ({@code prepareThreshold}); default true. Behind a proxy that pools by transaction
     * and keeps none: false, if {@code prepareThreshold} is not 0 already.
     */
    public Builder serverPreparedStatements(boolean prepare) {
      this.serverPreparedStatements = prepare;
      return this;
    }

    /**
     * Installs the schema if it is missing; does nothing if it is there. Needs the privilege CREATE
     * on the database.
     *
     * @throws io.deriver.spi.StoreException if that fails
     */
    public Builder installSchema() {
      new SchemaInstall(schema).run(new HostCalls(parts()));
      return this;
    }

    /**
     * Verifies the schema and makes the queue.
     *
     * @throws io.deriver.spi.StoreException as of {@link PostgresQueue#on}
     */
    public PostgresQueue build() {
      StoreParts parts = parts();
      HostCalls calls = new HostCalls(parts);
      calls.verify(new SchemaCheck(schema));
      return new PostgresQueue(this, parts, calls);
    }

    private StoreParts parts() {
      return new StoreParts(
          dataSource,
          maintenance == null ? dataSource : maintenance,
          schema,
          notifications,
          codecs,
          callTimeout,
          serverPreparedStatements,
          new Retention(keepDeadLetters, keepDone));
    }
  }
}
