package io.deriver.jdbc.internal;

import io.deriver.Deduplication;
import io.deriver.jdbc.Enqueued;
import io.deriver.jdbc.Enqueued.Change;
import io.deriver.jdbc.internal.Encoder.Row;
import io.deriver.jdbc.internal.EnqueueCall.Added;
import io.deriver.jdbc.internal.EnqueueCall.Twin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Says what an enqueue does, from what waited when it began and what the call itself brought. */
final class EnqueueAnswers {

  private final Map<Name, Twin> waiting = new HashMap<>();

  private EnqueueAnswers() {}

  static List<Enqueued> of(List<Row> rows, List<Added> added) {
    EnqueueAnswers answers = new EnqueueAnswers();
    List<Enqueued> all = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      all.add(answers.of(rows.get(i), added.get(i)));
    }
    return all;
  }

  private Enqueued of(Row row, Added added) {
    Deduplication by = row.deduplication();
    if (by == null) {
      return new Enqueued(added.id(), Change.ADDED);
    }
    Name name = new Name(row.type(), by.key());
    Twin twin = waiting.getOrDefault(name, added.twin());
    Change change = twin == null ? Change.ADDED : change(row, by, twin);
    Twin stays =
        twin == null || change == Change.PUSHED_BACK ? new Twin(added.id(), row.key()) : twin;
    waiting.put(name, stays);
    return new Enqueued(stays.id(), change);
  }

  private static Change change(Row row, Deduplication by, Twin twin) {
    return switch (by.mode()) {
      case KEEP_FIRST -> Change.DEDUPLICATED;
      case REPLACE -> twin.key().equals(row.key()) ? Change.REPLACED : Change.PUSHED_BACK;
      case PUSH_BACK -> Change.PUSHED_BACK;
    };
  }

  private record Name(String type, String dedupeKey) {}
}
