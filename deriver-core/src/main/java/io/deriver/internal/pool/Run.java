package io.deriver.internal.pool;

import io.deriver.Limits;
import io.deriver.RunCancelledException;
import io.deriver.RunContext;
import io.deriver.internal.flight.RunFlights;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimId;
import io.deriver.spi.CompletionStep;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One execution of one claim. Whoever sets {@link #decide its end} first, by compare-and-set, has
 * ended it: the run's own thread or one of the pool's rooms. Everything else follows from that.
 */
final class Run implements RunContext {

  private final Claim claim;
  private final Served<?> served;
  private final PoolClock clock;
  private final long start;
  private final AtomicReference<@Nullable RunEnd> end = new AtomicReference<>();
  private final CancelHooks hooks = new CancelHooks();
  private volatile long lastProgress;
  private volatile boolean progressed;
  private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
  private volatile boolean begun;
  private volatile boolean returned;
  private volatile @Nullable String awaited;
  private volatile boolean lacksThread = true;
  private volatile long lacksThreadSince;
  private volatile @Nullable CompletionStep step;
  private volatile @Nullable Thread closer;
  private volatile RunFlights.@Nullable Flight flight;
  private volatile @Nullable GatePass gatePass;
  private volatile boolean paid;
  private volatile long endedAt;
  private volatile long slot;
  private volatile @Nullable Run heir;
  private final AtomicBoolean cancelling = new AtomicBoolean();

  Run(Claim claim, Served<?> served, PoolClock clock) {
    this.claim = claim;
    this.served = served;
    this.clock = clock;
    this.start = clock.nanoTime();
    this.lastProgress = start;
    this.endedAt = start;
    this.lacksThreadSince = start;
  }

  /** Which place it has among those that hold a slot; 0 for none. */
  long slot() {
    return slot;
  }

  void holdSlot(long place) {
    slot = place;
  }

  void leaveSlotTo(Run next) {
    heir = next;
  }

  /** The run that has its slot now and is yet to be worked, by the thread that worked this one. */
  @Nullable Run heir() {
    return heir;
  }

  /** The same, to be worked now. Whoever keeps this run does not keep all that come after it. */
  @Nullable Run takeHeir() {
    Run next = heir;
    heir = null;
    return next;
  }

  /** Ends the run if nobody has; the one compare-and-set. */
  boolean decide(RunEnd how) {
    if (!end.compareAndSet(null, how)) {
      return false;
    }
    endedAt = clock.nanoTime();
    return true;
  }

  /** How long ago the run was ended; meaningful only once it was. */
  Duration sinceEnd(long now) {
    return Duration.ofNanos(Math.max(0, now - endedAt));
  }

  @Nullable RunEnd end() {
    return end.get();
  }

  /** Which limit the run is over at this time, if any. */
  RunEnd.@Nullable TimedOut over(long now) {
    Limits limits = served.limits();
    if (reached(now, start, limits.timeout())) {
      return new RunEnd.TimedOut(RunEnd.Limit.TIMEOUT, age(now));
    }
    Duration firstProgress = limits.firstProgressTimeout().orElse(null);
    if (!progressed && firstProgress != null) {
      return reached(now, start, firstProgress)
          ? new RunEnd.TimedOut(RunEnd.Limit.FIRST_PROGRESS_TIMEOUT, age(now))
          : null;
    }
    Duration idle = limits.idleTimeout().orElse(null);
    return idle != null && reached(now, lastProgress, idle)
        ? new RunEnd.TimedOut(RunEnd.Limit.IDLE_TIMEOUT, age(now))
        : null;
  }

  private static boolean reached(long now, long since, Duration limit) {
    return now - since >= limit.toNanos();
  }

  /** Whether this call is the one that may deal with the end by force. */
  boolean beginCancelling() {
    return cancelling.compareAndSet(false, true);
  }

  ClaimId id() {
    return claim.id();
  }

  Claim claim() {
    return claim;
  }

  Served<?> served() {
    return served;
  }

  CancelHooks hooks() {
    return hooks;
  }

  Duration age(long now) {
    return Duration.ofNanos(now - start);
  }

  /** When it began, on the clock's scale. */
  long begin() {
    return start;
  }

  /** When the run's timeout ends it, on the clock's scale. */
  long deadline() {
    return start + served.limits().timeout().toNanos();
  }

  /** The thread that works it, while one does. */
  @Nullable Thread thread() {
    return thread.get();
  }

  void startedOn(Thread own) {
    thread.set(own);
    lacksThread = false;
    // One that was ended before does not begin: whoever deals with its end need not wait for it.
    if (end.get() == null) {
      begun = true;
    }
  }

  /** How long it has been waiting for a thread to come to it; zero if one has. */
  Duration withoutThread(long now) {
    long since = lacksThreadSince;
    return lacksThread && !returned ? Duration.ofNanos(Math.max(0, now - since)) : Duration.ZERO;
  }

  /** Whether it was handed to the threads and none has come yet. */
  boolean lacksThread() {
    return lacksThread && !returned;
  }

  /** Whether this thread is the one that works it. */
  boolean isOn(Thread own) {
    return thread.get() == own;
  }

  /** The thread is off to other work; the run goes on without one. */
  void leftBy(Thread own) {
    thread.compareAndSet(own, null);
  }

  /** Whether a thread came to it before its end. Otherwise no host code has run, nor will. */
  boolean hasBegun() {
    return begun;
  }

  /** From here it may go on without a thread, until this is there. */
  void waitsFor(String what) {
    awaited = what;
  }

  /** What the run waits for while it holds no thread, or has waited for. */
  @Nullable String awaited() {
    return awaited;
  }

  /** Its stage has come to a step: a thread has to come to it once more. */
  void cameTo(CompletionStep itsStep) {
    step = itsStep;
    lacksThreadSince = clock.nanoTime();
    lacksThread = true;
  }

  /** The step that its stage has come to; null while there is none. */
  @Nullable CompletionStep step() {
    return step;
  }

  /** Whether the run's code is over, or never began. */
  boolean hasReturned() {
    return returned;
  }

  void markReturned() {
    returned = true;
    thread.set(null);
  }

  /** What a flight recording is to know of it, once its code is over. */
  void recordedBy(RunFlights.Flight recording) {
    flight = recording;
  }

  /** Tells the flight recording, if there is one, how the run ended. */
  void endRecording() {
    RunFlights.Flight recording = flight;
    RunEnd how = end.get();
    if (recording != null && how != null) {
      recording.end(how.text());
    }
  }

  /** It is behind the gate of its type, until it leaves. */
  void passed(GatePass pass) {
    gatePass = pass;
  }

  /** Its pass through the gate of its type, if it has one and was let in. */
  @Nullable GatePass gatePass() {
    return gatePass;
  }

  /** The side thread that closes what the run registered, while one does. */
  @Nullable Thread closer() {
    return closer;
  }

  void closedBy(@Nullable Thread side) {
    closer = side;
  }

  /** Whether the store has answered for this run's outcome, or it was given up. */
  boolean isPaid() {
    return paid;
  }

  void markPaid() {
    paid = true;
  }

  @Override
  public Duration timeRemaining() {
    return isCancelled()
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, deadline() - clock.nanoTime()));
  }

  @Override
  public int attempt() {
    return claim.attempt();
  }

  @Override
  public long fence() {
    return claim.id().fence();
  }

  @Override
  public void progress() {
    lastProgress = clock.nanoTime();
    progressed = true;
  }

  @Override
  public boolean isCancelled() {
    RunEnd how = end.get();
    return how != null && !(how instanceof RunEnd.ByItself);
  }

  @Override
  public void throwIfCancelled() {
    if (isCancelled()) {
      throw new RunCancelledException(
          "The run of " + id() + " attempt=" + attempt() + " was ended from outside; it must stop");
    }
  }

  @Override
  public Registration onCancel(AutoCloseable closeable) {
    return hooks.add(closeable);
  }
}
