package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Guards that a burst of enqueues does not tell other processes of each, on a clock of its own. */
class NotifierTest {

  private static final SchemaName SCHEMA = SchemaName.of("notifier");
  private static final long GAP = TimeUnit.MILLISECONDS.toNanos(10);

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - GAP);
  private final Notifier notifier = new Notifier(calls(), SCHEMA, now::get);

  private static HostCalls calls() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    return new HostCalls(
        new StoreParts(
            nowhere,
            nowhere,
            SCHEMA,
            true,
            new JacksonCodecs(),
            Duration.ofSeconds(5),
            false,
            new Retention(null, null)));
  }

  @Test
  @DisplayName("one enqueue in ten milliseconds notifies, the first at once")
  void oneInAGap() {
    assertThat(notifier.leads()).isTrue();
    for (int i = 0; i < 200; i++) {
      assertThat(notifier.leads()).isFalse();
    }
    now.addAndGet(GAP - 1);
    assertThat(notifier.leads()).isFalse();
    now.incrementAndGet();
    assertThat(notifier.leads()).isTrue();
    assertThat(notifier.leads()).isFalse();
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
    return notifier::leads;
  }
}
