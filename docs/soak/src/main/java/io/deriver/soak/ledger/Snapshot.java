package io.deriver.soak.ledger;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which transactions an entry's writer could see: Postgres' own snapshot. With the transaction ids
 * of other entries it says what had been committed before, exactly and without a clock.
 *
 * @param all every transaction below this one had ended
 * @param none no transaction from this one on had ended
 * @param running those between that had not
 */
public record Snapshot(long all, long none, Set<Long> running) {

  public Snapshot {
    running = Set.copyOf(running);
  }

  /** As {@code pg_snapshot} is written: {@code 10:14:10,12}. */
  public static Snapshot parse(String text) {
    String[] parts = text.split(":", -1);
    Set<Long> running =
        parts[2].isEmpty()
            ? Set.of()
            : Arrays.stream(parts[2].split(",", -1)).map(Long::valueOf).collect(Collectors.toSet());
    return new Snapshot(Long.parseLong(parts[0]), Long.parseLong(parts[1]), running);
  }

  /** Whether this transaction had ended when the snapshot was taken. */
  public boolean sees(long transaction) {
    return transaction < all || (transaction < none && !running.contains(transaction));
  }
}
