package io.deriver.jdbc.internal;

import io.deriver.Item;
import io.deriver.jdbc.Enqueued;
import io.deriver.jdbc.internal.Encoder.Row;
import io.deriver.jdbc.internal.EnqueueCall.Added;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adds items, in transactions of its own or within the caller's. Thread-safe. */
public final class Enqueuer {

  private final StoreParts parts;
  private final HostCalls calls;
  private final Encoder encoder;
  private final EnqueueCall call;
  private final boolean notifyWithin;
  private final @Nullable Notifier notifier;

  /**
   * @param notifyWithin whether enqueues within the caller's transaction notify too
   */
  public Enqueuer(StoreParts parts, HostCalls calls, Encoder encoder, boolean notifyWithin) {
    this.parts = parts;
    this.calls = calls;
    this.encoder = encoder;
    this.notifyWithin = notifyWithin;
    call = new EnqueueCall(parts.schema(), parts.prepares());
    notifier = parts.notifications() ? new Notifier(calls, parts.schema()) : null;
  }

  /** Adds these in one transaction; answers for each, in the same order. */
  public List<Enqueued> alone(List<? extends Item<?>> items) {
    List<Row> rows = encode(items);
    if (rows.isEmpty()) {
      return List.of();
    }
    Runnable leads = notifier == null ? null : notifier.lead();
    boolean told = false;
    try {
      List<Added> added =
          calls.call(
              "enqueue", connection -> call.alone(connection, parts.tx(), rows, leads != null));
      if (leads != null) {
        leads.run();
        told = true;
      }
      parts.hints().give();
      return EnqueueAnswers.of(rows, added);
    } finally {
      if (notifier != null && !told) {
        notifier.follow();
      }
    }
  }

  /** Adds these in the caller's transaction; answers for each, in the same order. */
  public List<Enqueued> within(Connection connection, List<? extends Item<?>> items) {
    List<Row> rows = encode(items);
    if (rows.isEmpty()) {
      return List.of();
    }
    try {
      return EnqueueAnswers.of(rows, call.within(connection, rows, notifyWithin));
    } catch (SQLException e) {
      throw SqlErrors.explain("enqueue in the caller's transaction", parts.schema(), e);
    }
  }

  /** Tells pools, of this queue at once and of others soon, that there may be work. */
  public void tell() {
    parts.hints().give();
    if (notifier != null) {
      notifier.follow();
    }
  }

  private List<Row> encode(List<? extends Item<?>> items) {
    List<Row> rows = new ArrayList<>(items.size());
    for (Item<?> item : items) {
      rows.add(encoder.encode(item));
    }
    return rows;
  }
}
