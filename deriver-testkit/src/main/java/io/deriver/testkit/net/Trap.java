package io.deriver.testkit.net;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Something that a {@link TcpProxy} does to what comes by, until it is let go. Thread-safe.
 *
 * <p>It catches a connection at most once for each request, and leaves the others alone.
 */
public final class Trap {

  /** What becomes of what is caught. */
  enum Kind {
    HOLD(Direction.TO_SERVER),
    HOLD_BEHIND(Direction.TO_SERVER),
    CUT(Direction.TO_SERVER),
    HOLD_ANSWER(Direction.TO_SERVER),
    CUT_ANSWER(Direction.TO_SERVER),
    CUT_SAYING(Direction.TO_CLIENT);

    final Direction looksAt;

    Kind(Direction looksAt) {
      this.looksAt = looksAt;
    }
  }

  private final Kind kind;
  private final List<String> words;
  private final @Nullable Duration longest;
  private final AtomicInteger left;
  private final AtomicInteger caught = new AtomicInteger();
  private final AtomicInteger holding = new AtomicInteger();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile boolean blind;

  Trap(Kind kind, int times, @Nullable Duration longest, String... words) {
    this.kind = kind;
    this.words = List.of(words);
    this.longest = longest;
    left = new AtomicInteger(times);
  }

  /**
   * How many requests (or answers) it has caught: held, delayed or lost with their connection. An
   * answer counts from the moment in which the server has given it.
   *
   * @throws IllegalStateException if it is none, and a connection of the proxy is encrypted, so
   *     that what it looks for may have come by unseen
   */
  public int caught() {
    int count = caught.get();
    if (count == 0 && blind) {
      throw new IllegalStateException(
          ("%s%s sees nothing: a connection through the proxy is encrypted, or does not speak"
                  + " Postgres' protocol. Connect without encryption (sslmode=disable,"
                  + " gssEncMode=disable)")
              .formatted(kind, words));
    }
    return count;
  }

  /** How many it holds now. */
  public int holding() {
    return holding.get();
  }

  /** Catches nothing any more; what it holds stays held until {@link #letGo()}. */
  public void catchNoMore() {
    left.set(0);
  }

  /**
   * Catches nothing any more, and passes on what it holds: late, and even if its sender has gone
   * meanwhile, as a network does that was cut off for a while. Can be repeated.
   */
  public void letGo() {
    over.countDown();
  }

  /** From now on what it looks for may come by unseen. */
  void goBlind() {
    blind = true;
  }

  Kind kind() {
    return kind;
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Whether it takes this one; if so, it has one less to take. */
  boolean takes(Direction direction, String text) {
    return direction == kind.looksAt
        && !text.isEmpty()
        && !isOver()
        && isAbout(text)
        && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  boolean isAbout(String text) {
    return words.stream().allMatch(text::contains);
  }

  void count() {
    caught.incrementAndGet();
  }

  /** Returns when what is held may go on. */
  void hold() throws InterruptedException {
    if (isOver()) {
      return;
    }
    holding.incrementAndGet();
    caught.incrementAndGet();
    try {
      if (longest == null) {
        over.await();
      } else {
        boolean unused = over.await(longest.toNanos(), TimeUnit.NANOSECONDS);
      }
    } finally {
      holding.decrementAndGet();
    }
  }

  @Override
  public String toString() {
    return "%s%s, caught %d, holding %d".formatted(kind, words, caught.get(), holding.get());
  }
}
