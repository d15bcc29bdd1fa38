package io.deriver.quickstart.legacy;

import io.deriver.quickstart.data.Message;
import io.deriver.quickstart.llm.CancelHook;
import io.deriver.quickstart.llm.Summarizer;
import io.deriver.quickstart.report.Spread;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The well-known repair of {@link OutagePool}: the call runs on a thread of its own, is waited for
 * with a timeout and cancelled after it, and the cleanup has moved above the question whether the
 * pool is full. As in the incident, the cleanup's limit is below the timeout, and nothing renews a
 * claim.
 */
public final class RepairedPool implements LegacyPool {

  private static final String THREADS = "repaired-call-";

  private final LegacyQueue queue;
  private final Summarizer summarizer;
  private final Slots slots;
  private final Duration staleAfter;
  private final Duration timeout;
  private final Unit unit;
  private final ExecutorService callers = Executors.newCachedThreadPool(Threads.named(THREADS));
  private final Spread reuse = new Spread();
  private final Map<Thread, Long> timedOutAt = new ConcurrentHashMap<>();
  private final AtomicInteger timeouts = new AtomicInteger();
  private final AtomicInteger takenAway = new AtomicInteger();
  private final AtomicInteger leaked = new AtomicInteger();
  private final PollLoop loop = new PollLoop("repaired-poll", this::poll);

  /**
   * A pool of so many threads.
   *
   * @param staleAfter at which age the cleanup takes a claim away
   * @param timeout after which time a call is cancelled
   */
  public RepairedPool(
      LegacyQueue queue, Summarizer summarizer, int slots, Duration staleAfter, Duration timeout) {
    this.queue = queue;
    this.summarizer = summarizer;
    this.slots = new Slots(slots, "repaired-worker-");
    this.staleAfter = staleAfter;
    this.timeout = timeout;
    this.unit = new Unit(queue, this::summarizeInTime);
  }

  @Override
  public void start() {
    loop.start();
  }

  private void poll() throws Exception {
    takenAway.addAndGet(queue.releaseStale(staleAfter));
    if (slots.full()) {
      return;
    }
    for (String conversation : queue.claim(slots.free())) {
      slots.run(() -> unit.work(conversation));
    }
  }

  private String summarizeInTime(String conversation, List<Message> messages) throws Exception {
    Long freed = timedOutAt.remove(Thread.currentThread());
    if (freed != null) {
      reuse.add(Duration.ofNanos(System.nanoTime() - freed));
    }
    Watched call = new Watched(conversation, messages);
    Future<String> answer = callers.submit(call::run);
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      timeouts.incrementAndGet();
      timedOutAt.put(Thread.currentThread(), System.nanoTime());
      call.givenUp();
      answer.cancel(true); // A request: a thread that waits for a socket does not hear it.
      throw e;
    }
  }

  @Override
  public int timeouts() {
    return timeouts.get();
  }

  @Override
  public Spread reuse() {
    return reuse;
  }

  @Override
  public int takenAway() {
    return takenAway.get();
  }

  @Override
  public int leakedThreads() {
    return leaked.get();
  }

  @Override
  public String threadPrefix() {
    return THREADS;
  }

  @Override
  public void close() {
    loop.close();
    slots.close();
    callers.shutdown();
  }

  /** A call that counts as leaked from being given up until it returns. */
  private final class Watched {

    private final String conversation;
    private final List<Message> messages;
    private boolean givenUp;
    private boolean returned;

    Watched(String conversation, List<Message> messages) {
      this.conversation = conversation;
      this.messages = messages;
    }

    String run() {
      try {
        return summarizer.summarize(conversation, messages, CancelHook.NONE);
      } finally {
        returned();
      }
    }

    synchronized void givenUp() {
      givenUp = true;
      if (!returned) {
        leaked.incrementAndGet();
      }
    }

    private synchronized void returned() {
      returned = true;
      if (givenUp) {
        leaked.decrementAndGet();
      }
    }
  }
}
