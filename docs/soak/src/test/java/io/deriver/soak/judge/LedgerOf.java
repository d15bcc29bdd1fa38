package io.deriver.soak.judge;

import io.deriver.soak.judge.FinalState.Dead;
import io.deriver.soak.ledger.Entry;
import io.deriver.soak.ledger.Fate;
import io.deriver.soak.ledger.Fault;
import io.deriver.soak.ledger.Said;
import io.deriver.soak.ledger.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ledger made by hand, of one key. Each entry is a transaction of its own that sees all before
 * it, a second after the one before.
 */
final class LedgerOf {

  static final String KEY = "key";
  static final int MAX_ATTEMPTS = 3;
  static final Duration LEASE = Duration.ofSeconds(3);

  private final List<Entry> entries = new ArrayList<>();
  private final Set<Long> pending = new HashSet<>();
  private final Map<Long, Dead> dead = new HashMap<>();
  private Bounds.Enough enough = Bounds.Enough.ANYTHING;
  private Instant now = Instant.EPOCH;
  private long transaction = 100;

  private Entry.Mark mark() {
    now = now.plusSeconds(1);
    transaction++;
    return markOf(transaction, transaction);
  }

  private Entry.Mark markOf(long writes, long seesBelow) {
    return new Entry.Mark(
        entries.size() + 1, now, writes, new Snapshot(seesBelow, seesBelow, Set.of()));
  }

  LedgerOf seconds(long seconds) {
    now = now.plusSeconds(seconds);
    return this;
  }

  LedgerOf enqueued(long... items) {
    for (long item : items) {
      entries.add(new Entry.Enqueued(mark(), KEY, item, Fate.EFFECT));
    }
    return this;
  }

  LedgerOf enqueued(long item, Fate fate) {
    entries.add(new Entry.Enqueued(mark(), KEY, item, fate));
    return this;
  }

  /** Two enqueues, neither of which had been committed when the other was called. */
  LedgerOf enqueuedAtOnce(long one, long other) {
    long before = transaction + 1;
    entries.add(new Entry.Enqueued(markOf(before, before), KEY, one, Fate.EFFECT));
    entries.add(new Entry.Enqueued(markOf(before + 1, before), KEY, other, Fate.EFFECT));
    transaction += 2;
    return this;
  }

  LedgerOf started(String process, long fence, int attempt, Long... items) {
    entries.add(new Entry.Started(mark(), process, KEY, fence, attempt, List.of(items)));
    return this;
  }

  LedgerOf effects(String process, long fence, long... items) {
    Entry.Mark mark = mark();
    for (long item : items) {
      entries.add(
          new Entry.Effect(
              new Entry.Mark(entries.size() + 1, mark.at(), mark.transaction(), mark.saw()),
              process,
              KEY,
              fence,
              item));
    }
    return this;
  }

  LedgerOf told(String process, Said said, long fence, int attempt) {
    entries.add(new Entry.Told(mark(), process, said, KEY, fence, attempt));
    return this;
  }

  LedgerOf ready(String process) {
    entries.add(new Entry.Told(mark(), process, Said.READY, "", 0, 0));
    return this;
  }

  LedgerOf fault(String process, Fault fault) {
    entries.add(new Entry.Faulted(mark(), process, fault));
    return this;
  }

  LedgerOf held(String process, long fence, Duration guardIn) {
    Entry.Mark mark = mark();
    entries.add(new Entry.Held(mark, process, KEY, fence, mark.at().plus(guardIn)));
    return this;
  }

  LedgerOf pending(long item) {
    pending.add(item);
    return this;
  }

  LedgerOf dead(long item, int attempts, String... causes) {
    dead.put(item, new Dead(attempts, Set.of(causes)));
    return this;
  }

  LedgerOf needs(int kills, int takeovers, int refused) {
    enough = new Bounds.Enough(kills, takeovers, refused);
    return this;
  }

  Verdict judged() {
    return Judge.judge(
        entries,
        new FinalState(pending, dead),
        new Bounds(
            MAX_ATTEMPTS, LEASE, Duration.ofSeconds(1), Duration.ofSeconds(1), true, enough));
  }
}
