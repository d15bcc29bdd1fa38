package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks all the time whether more keys can be claimed than all processes have slots. */
final class ClaimableWatch implements AutoCloseable {

  private static final long EVERY = 50;
  private static final String WAITING =
      """
      SELECT count(*) FROM (SELECT FROM deriver.head h
        WHERE h.type = '%s' AND h.lane = 2 AND h.fence IS NULL AND h.available_at <= clock_timestamp() LIMIT %d) w
      """;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<Look> looks = new ArrayList<>();
  private final LoggedServer server;
  private final int slots;
  private @Nullable Future<?> looking;

  ClaimableWatch(LoggedServer server, int slots) {
    this.server = server;
    this.slots = slots;
  }

  void start() {
    looking = thread.scheduleWithFixedDelay(this::look, 0, EVERY, TimeUnit.MILLISECONDS);
  }

  private void look() {
    long at = System.currentTimeMillis();
    long waiting = server.number(WAITING.formatted(DrainHost.TYPE.name(), slots + 1));
    looks.add(new Look(at, waiting > slots));
  }

  /** What was seen; nothing is looked at from now on. */
  Seen stop() {
    assertThat(looking).isNotNull().isNotDone();
    thread.shutdown();
    await().atMost(Duration.ofSeconds(60)).until(thread::isTerminated);
    return new Seen(List.copyOf(looks));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  record Look(long at, boolean claimable) {}

  /** The looks, oldest first, by the wall clock. */
  record Seen(List<Look> looks) {

    /** For how long one that started runs then started none while there was enough, at most. */
    long longestIdle(List<Long> starts) {
      NavigableSet<Long> sorted = new TreeSet<>(starts);
      long since = Long.MAX_VALUE;
      long longest = 0;
      for (Look look : looks) {
        since = look.claimable() ? Math.min(since, look.at()) : Long.MAX_VALUE;
        if (look.claimable()) {
          Long last = sorted.floor(look.at());
          longest = Math.max(longest, look.at() - Math.max(since, last == null ? since : last));
        }
      }
      return longest;
    }

    /** In how many of a hundred looks there was enough. */
    long claimablePercent() {
      return 100 * looks.stream().filter(Look::claimable).count() / Math.max(1, looks.size());
    }
  }
}
