package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry.Enqueued;
import io.deriver.soak.ledger.Entry.Started;
import io.deriver.soak.ledger.Fate;
import io.deriver.soak.ledger.Said;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Each item is completed, or a dead letter, or pending: one of them. Nothing else was worked. */
final class EveryItemAccountedFor implements Rule {

  private static final Set<Said> NOT_DONE = Set.of(Said.RETRIED, Said.RELEASED, Said.REFUSED);

  @Override
  public List<Violation> violations(Book book) {
    List<Violation> found = new ArrayList<>();
    Map<Long, Started> last = lastStarts(book);
    for (Enqueued item : book.items().values()) {
      boolean pending = book.state().pending().contains(item.item());
      boolean dead = book.state().dead().containsKey(item.item());
      boolean effect = !book.effectsOf(item.item()).isEmpty();
      boolean done =
          switch (item.fate()) {
            case EFFECT -> effect;
            case PLAIN -> effect || (!pending && !dead && wasDone(last.get(item.item()), book));
            case DEATH -> effect;
          };
      int ends = (pending ? 1 : 0) + (dead ? 1 : 0) + (done ? 1 : 0);
      if (ends == 0) {
        found.add(Violation.of(this, "%s is lost", name(item)));
      } else if (ends > 1) {
        found.add(
            Violation.of(
                this,
                "%s has ended twice: pending %s, dead letter %s, effect %s",
                name(item),
                pending,
                dead,
                effect));
      } else if (pending && book.bounds().drained()) {
        found.add(Violation.of(this, "%s is pending still", name(item)));
      } else if (done && item.fate() == Fate.DEATH) {
        found.add(Violation.of(this, "%s is done, and every attempt failed", name(item)));
      }
    }
    worked(book)
        .forEach(
            item ->
                found.add(
                    Violation.of(this, "item %d was worked, and never enqueued for good", item)));
    return found;
  }

  /** Its last run may have completed it: nothing says that it did not. */
  private static boolean wasDone(@Nullable Started last, Book book) {
    return last != null && NOT_DONE.stream().noneMatch(said -> book.wasTold(last.fence(), said));
  }

  private static Map<Long, Started> lastStarts(Book book) {
    Map<Long, Started> last = new HashMap<>();
    book.starts()
        .values()
        .forEach(
            starts ->
                starts.forEach(start -> start.items().forEach(item -> last.put(item, start))));
    return last;
  }

  private static Set<Long> worked(Book book) {
    Set<Long> unknown = new HashSet<>(book.effectsOf().keySet());
    book.starts()
        .values()
        .forEach(starts -> starts.forEach(start -> unknown.addAll(start.items())));
    unknown.removeAll(book.items().keySet());
    return unknown;
  }

  private static String name(Enqueued item) {
    return "item %d of %s".formatted(item.item(), item.key());
  }
}
