package io.deriver.testkit.sim;

import io.deriver.Backoff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a test's processors saw of each key: when its attempts began, ended, and how. */
final class Attempts {

  /** How an attempt ended, as far as its processor knows. */
  enum End {
    DONE,
    APPLIED,
    FAILED,
    HUNG,
    OPEN
  }

  /** One attempt at one item. */
  static final class Attempt {
    final long item;
    final int number;
    final long fence;
    final Duration began;
    private Duration ended = Duration.ZERO;
    private End end = End.OPEN;

    Attempt(long item, int number, long fence, Duration began) {
      this.item = item;
      this.number = number;
      this.fence = fence;
      this.began = began;
    }

    End end() {
      return end;
    }

    @Override
    public String toString() {
      return "item %d attempt %d fence %d %s..%s %s"
          .formatted(item, number, fence, began, ended, end);
    }
  }

  private final Map<String, List<Attempt>> byKey = new LinkedHashMap<>();
  private int all;

  synchronized Attempt begin(String key, long item, int number, long fence, Duration now) {
    Attempt attempt = new Attempt(item, number, fence, now);
    byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(attempt);
    all++;
    return attempt;
  }

  synchronized void end(Attempt attempt, End end, Duration now) {
    attempt.end = end;
    attempt.ended = now;
  }

  synchronized int count() {
    return all;
  }

  /** The attempts that ended so, by their item. */
  synchronized Map<Long, List<Attempt>> byItem(End... ends) {
    Map<Long, List<Attempt>> found = new LinkedHashMap<>();
    for (List<Attempt> ofKey : byKey.values()) {
      for (Attempt attempt : ofKey) {
        if (List.of(ends).contains(attempt.end)) {
          found.computeIfAbsent(attempt.item, i -> new ArrayList<>()).add(attempt);
        }
      }
    }
    return found;
  }

  /** Attempts that began sooner after the one before them at their item than its end allows. */
  synchronized List<String> tooSoon(Backoff backoff, Duration afterRelease) {
    List<String> wrong = new ArrayList<>();
    byKey.forEach(
        (key, attempts) -> {
          for (int i = 1; i < attempts.size(); i++) {
            Attempt before = attempts.get(i - 1);
            Attempt next = attempts.get(i);
            Duration rest = least(before, next, backoff, afterRelease);
            if (next.began.compareTo(before.ended.plus(rest)) < 0) {
              wrong.add("%s: %s, then %s; at least %s".formatted(key, before, next, rest));
            }
          }
        });
    return wrong;
  }

  private static Duration least(
      Attempt before, Attempt next, Backoff backoff, Duration afterRelease) {
    if (next.item != before.item) {
      return Duration.ZERO;
    }
    // What is tried again although it was done, or applied, had its claim released.
    return switch (before.end) {
      case FAILED, HUNG -> {
        double doubled = backoff.first().toNanos() * Math.pow(2, before.number - 1);
        yield Duration.ofNanos((long) Math.min(doubled, (double) backoff.max().toNanos()) / 2);
      }
      case APPLIED, DONE -> afterRelease;
      case OPEN -> Duration.ZERO;
    };
  }
}
