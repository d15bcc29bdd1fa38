package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that a burst of enqueues does not tell other processes of each, on a clock of its own. */
class NotifierTest {

  private static final long GAP = Notifier.GAP_NANOS;
  private static final long SLACK = Notifier.SLACK_NANOS;
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - GAP);
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private int calls;
  private Runnable onCall = () -> {};
  private boolean noThread;
  private final Notifier notifier =
      new Notifier(
          () -> {
            calls++;
            onCall.run();
          },
          (nanos, body) -> {
            if (noThread) {
              throw new Error("unable to create native thread");
            }
            timers.add(new Timer(now.get() + nanos, body));
          },
          now::get);

  private record Timer(long at, Runnable body) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      return Long.compare(at - other.at, 0);
    }
  }

  private void pass(long nanos) {
    long until = now.get() + nanos;
    while (!timers.isEmpty() && timers.element().at() - until <= 0) {
      Timer timer = timers.remove();
      now.set(timer.at());
      timer.body().run();
    }
    now.set(until);
  }

  /** An enqueue that is committed at once; says whether it has told. */
  private boolean enqueue() {
    Runnable leads = notifier.lead();
    if (leads == null) {
      notifier.follow();
    } else {
      leads.run();
    }
    return leads != null;
  }

  @Test
  @DisplayName("one enqueue in ten milliseconds notifies, the first at once")
  void oneInAGap() {
    assertThat(notifier.lead()).isNotNull();
    for (int i = 0; i < 200; i++) {
      assertThat(notifier.lead()).isNull();
    }
    pass(GAP - 1);
    assertThat(notifier.lead()).isNull();
    pass(1);
    assertThat(notifier.lead()).isNotNull();
    assertThat(notifier.lead()).isNull();
  }

  @Test
  @DisplayName("what comes after the last notification of a burst is told of once, within the gap")
  void theEndOfABurst() {
    enqueue();
    pass(7 * MILLI);
    enqueue();
    enqueue();
    pass(3 * MILLI + SLACK - 1);
    assertThat(calls).isZero();
    pass(1);
    assertThat(calls).isEqualTo(1);
    pass(100 * GAP);
    assertThat(calls).isEqualTo(1);
    assertThat(timers).isEmpty();
  }

  @Test
  @DisplayName("in a burst there is no call beside the enqueues")
  void aBurst() {
    int led = 0;
    for (int n = 0; n < 1_000; n++) {
      led += enqueue() ? 1 : 0;
      pass(MILLI / 2);
    }
    assertThat(led).isEqualTo(50);
    assertThat(calls).isZero();
    pass(GAP + SLACK);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  @DisplayName("what is committed while another enqueue notifies, or fails to, is told of after it")
  void besideOneThatNotifies() {
    enqueue();
    pass(GAP);
    assertThat(notifier.lead()).isNotNull();
    notifier.follow();
    pass(GAP + SLACK);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "what was committed before an enqueue that notifies and hangs is told of all the same")
  void beforeOneThatHangs() {
    enqueue();
    pass(GAP - 1);
    enqueue();
    pass(1);
    assertThat(notifier.lead()).isNotNull();
    pass(GAP + SLACK);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "an enqueue that was committed does not fail for want of a thread that tells, nor do later ones go untold")
  void noThread() {
    enqueue();
    noThread = true;
    enqueue();
    noThread = false;
    enqueue();
    pass(GAP + SLACK);
    assertThat(calls).isEqualTo(1);
  }

  @Test
  @DisplayName("a call that fails does not stop the next")
  void aCallThatFails() {
    onCall =
        () -> {
          throw new IllegalStateException("no connection");
        };
    enqueue();
    enqueue();
    pass(GAP + SLACK);
    enqueue();
    pass(GAP + SLACK);
    assertThat(calls).isEqualTo(2);
  }

  @Test
  @DisplayName("of many threads at once, one notifies")
  void oneOfManyThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 200; round++) {
        now.addAndGet(GAP);
        List<Callable<Boolean>> enqueues = Stream.generate(this::leads).limit(8).toList();
        int leading = 0;
        for (Future<Boolean> enqueue : threads.invokeAll(enqueues)) {
          leading += enqueue.get() ? 1 : 0;
        }
        assertThat(leading).isEqualTo(1);
      }
    } finally {
      threads.shutdown();
    }
  }

  private Callable<Boolean> leads() {
    return () -> notifier.lead() != null;
  }
}
