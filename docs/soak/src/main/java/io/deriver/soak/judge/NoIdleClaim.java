package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * While a process lives, no claim stands for longer than lease and reap interval after its own
 * process was last alive, nor for longer than the reap interval past its guard.
 */
final class NoIdleClaim implements Rule {

  @Override
  public List<Violation> violations(Book book) {
    Map<Long, Violation> found = new LinkedHashMap<>();
    for (Held held : book.held()) {
      Instant at = held.mark().at();
      Instant takenBack = reapable(held, book).plus(patience(book));
      if (at.isAfter(takenBack) && book.lives().someoneLived(at.minus(patience(book)), at)) {
        found.putIfAbsent(
            held.fence(),
            Violation.of(
                this,
                "%s: the claim of fence %d by %s still stands %s after it should be taken back",
                held.key(),
                held.fence(),
                held.process(),
                Duration.between(takenBack, at)));
      }
    }
    return List.copyOf(found.values());
  }

  /**
   * How long a claim stood that a living process could take back all the time, the longest, in ms.
   */
  static long longestMillis(Book book) {
    return book.held().stream()
        .filter(held -> book.lives().someoneLived(reapable(held, book), held.mark().at()))
        .mapToLong(held -> Duration.between(reapable(held, book), held.mark().at()).toMillis())
        .reduce(0, Math::max);
  }

  /** From when on any reaper would take it back. */
  private static Instant reapable(Held held, Book book) {
    Instant lease =
        book.lives().lastAlive(held.process(), held.mark().at()).plus(book.bounds().lease());
    return lease.isBefore(held.guard()) ? lease : held.guard();
  }

  private static Duration patience(Book book) {
    return book.bounds().reapInterval().plus(book.bounds().slack());
  }
}
