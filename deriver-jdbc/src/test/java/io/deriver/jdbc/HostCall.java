package io.deriver.jdbc;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import java.util.List;
import java.util.function.Consumer;

/**
 * The calls of a host's that change something, beside a plain enqueue.
 *
 * @param statement what its statement has on the wire, and no other
 * @param look what shows whether it has been done
 * @param done what that shows then, however often it was tried
 */
record HostCall(
    String name, String statement, Consumer<PostgresQueue> call, Look look, String done) {

  static final ItemType<String> MAIL = ItemType.of("mail", String.class);

  static List<HostCall> all() {
    return List.of(
        deduped(Dedupe.KEEP_FIRST, "1 \"old\""),
        deduped(Dedupe.REPLACE, "1 \"new\""),
        deduped(Dedupe.PUSH_BACK, "1 \"new\""),
        flush("flush of the type", "flush_v1(", queue -> queue.flush(MAIL)),
        flush("flush of all", "flush_v1(", PostgresQueue::flushAll),
        flush("flush of the key", "flush_key_v1(", queue -> queue.flush(MAIL, "key")),
        paused("pause", queue -> queue.operations().pause(MAIL), "t"),
        paused("resume", queue -> queue.operations().resume(MAIL), "f"),
        new HostCall(
            "cancel pending",
            "cancel_v1(",
            queue -> queue.operations().cancelPending(MAIL, "key"),
            Look.PENDING,
            "0, kept 2"),
        new HostCall(
            "cancel running",
            "cancel = fence",
            queue -> queue.operations().cancelRunning(MAIL, "runs"),
            Look.CANCELLED,
            "t"),
        dead("requeue", "noted AS", queue -> queue.requeue(List.of(1L, 2L)), "dead 1, back 2"),
        dead(
            "requeue all",
            "noted AS",
            queue -> queue.operations().requeueAll(MAIL),
            "dead 0, back 3"),
        dead("discard", "gone AS", queue -> queue.discard(List.of(1L, 2L)), "dead 1, back 0"),
        dead(
            "discard all",
            "gone AS",
            queue -> queue.operations().discardAll(MAIL),
            "dead 0, back 0"));
  }

  private static HostCall deduped(Dedupe mode, String done) {
    Item<String> item = Item.of(MAIL, "key", "new").dedupe("twin", mode);
    return new HostCall(
        mode.toString(), "twin_v1(", queue -> queue.enqueue(item), Look.WAITING, done);
  }

  private static HostCall flush(String name, String statement, Consumer<PostgresQueue> call) {
    return new HostCall(name, statement, call, Look.FLUSHED, "t");
  }

  private static HostCall paused(String name, Consumer<PostgresQueue> call, String done) {
    return new HostCall(name, "pause_v1(", call, Look.PAUSED, done);
  }

  private static HostCall dead(
      String name, String statement, Consumer<PostgresQueue> call, String done) {
    return new HostCall(name, statement, call, Look.DEAD, done);
  }

  /** Whether begin, statement and commit go to the server together. */
  boolean isOneRequest() {
    return look == Look.WAITING || look == Look.FLUSHED || look == Look.PAUSED;
  }

  void on(PostgresQueue queue) {
    call.accept(queue);
  }

  /** What stands in the tables. */
  String look(Db db) {
    return String.valueOf(db.column(look.sql).get(0));
  }

  /** A look at the tables. */
  enum Look {
    /** Whatever is enqueued and not decided yet counts. */
    WAITING(
        "SELECT count(*) || ' ' || string_agg(DISTINCT payload, ' ' ORDER BY payload) FROM deriver.item WHERE dedupe = 'twin'"),
    FLUSHED(
        "SELECT t.flushed_at IS NOT NULL OR EXISTS (SELECT FROM deriver.head WHERE key = 'key' AND flushed_at IS NOT NULL)"
            + " FROM deriver.type t WHERE name = 'mail'"),
    PAUSED("SELECT paused_at IS NOT NULL FROM deriver.type WHERE name = 'mail'"),
    PENDING(
        "SELECT count(*) || ', kept ' || (SELECT count(*) FROM deriver.done) FROM deriver.item WHERE key = 'key'"),
    CANCELLED("SELECT cancel IS NOT NULL FROM deriver.head WHERE key = 'runs'"),
    DEAD(
        "SELECT 'dead ' || count(*) || ', back ' || (SELECT count(*) FROM deriver.item i WHERE i.key = 'died')"
            + " FROM deriver.dead_letter");

    private final String sql;

    Look(String sql) {
      this.sql = sql;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
