package io.deriver.soak.judge;

import io.deriver.soak.ledger.Entry;
import io.deriver.soak.ledger.Entry.Faulted;
import io.deriver.soak.ledger.Entry.Started;
import io.deriver.soak.ledger.Entry.Told;
import io.deriver.soak.ledger.Fault;
import io.deriver.soak.ledger.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Units that another process began after theirs was killed or stopped in the middle of them.
 *
 * @param begun how long after the fault each was begun, in milliseconds, ascending
 * @param takenBack how long after the fault its claim was taken back, where that was told
 */
record Takeovers(List<Long> begun, List<Long> takenBack) {

  private static final Set<Fault> ENDING = Set.of(Fault.KILL, Fault.STOP);

  static Takeovers of(Book book) {
    TreeMap<Long, Faulted> faults = new TreeMap<>();
    book.faults().stream()
        .filter(fault -> ENDING.contains(fault.fault()))
        .forEach(fault -> faults.put(fault.mark().seq(), fault));
    List<Long> begun = new ArrayList<>();
    List<Long> takenBack = new ArrayList<>();
    for (List<Started> starts : book.starts().values()) {
      for (int i = 0; i + 1 < starts.size(); i++) {
        Started lost = starts.get(i);
        Started next = starts.get(i + 1);
        if (!lost.process().equals(next.process()) && isOpen(lost, next, book)) {
          faults
              .subMap(lost.mark().seq(), Math.max(next.mark().seq(), lost.mark().seq()))
              .values()
              .stream()
              .filter(fault -> fault.process().equals(lost.process()))
              .filter(fault -> stood(lost, fault, book))
              .findFirst()
              .ifPresent(
                  fault -> {
                    begun.add(between(fault, next));
                    book.told(lost.fence(), Said.REAPED)
                        .forEach(told -> takenBack.add(between(fault, told)));
                  });
        }
      }
    }
    begun.sort(null);
    takenBack.sort(null);
    return new Takeovers(begun, takenBack);
  }

  private static long between(Faulted fault, Entry later) {
    return Duration.between(fault.mark().at(), later.mark().at()).toMillis();
  }

  /** Whether its claim had not been taken back before the fault, for want of a lease say. */
  private static boolean stood(Started lost, Faulted fault, Book book) {
    return book.told(lost.fence(), Said.REAPED).stream()
        .noneMatch(told -> told.mark().at().isBefore(fault.mark().at()));
  }

  /** Whether the first had not ended when the second began. */
  private static boolean isOpen(Started lost, Started next, Book book) {
    Instant begun = next.mark().at();
    return book.effects(lost.key()).stream().noneMatch(e -> e.fence() == lost.fence())
        && book.told().getOrDefault(lost.fence(), List.<Told>of()).stream()
            .noneMatch(told -> ended(told) && told.mark().at().isBefore(begun));
  }

  private static boolean ended(Told told) {
    return switch (told.said()) {
      case COMPLETED, RETRIED, RELEASED, DEAD -> true;
      default -> false;
    };
  }
}
