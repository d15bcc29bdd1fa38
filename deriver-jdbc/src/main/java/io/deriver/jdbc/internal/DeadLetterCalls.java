package io.deriver.jdbc.internal;

import io.deriver.jdbc.DeadLetter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;

/** What operators do with dead letters. Thread-safe. */
public final class DeadLetterCalls {

  private static final String LIST =
      "SELECT * FROM deriver.dead_letter WHERE type = :type AND id > :after ORDER BY id LIMIT :limit";

  // Locked by id, whatever the plan: two calls for the same ones would else wait for one another.
  private static final String GONE =
      """
      WITH locked AS MATERIALIZED (
        SELECT id FROM deriver.dead_letter WHERE id = ANY (:ids) ORDER BY id FOR UPDATE),
      gone AS (DELETE FROM deriver.dead_letter d USING locked l WHERE d.id = l.id RETURNING d.*)
      """;
  private static final String DISCARD = GONE + "SELECT count(*) FROM gone";

  // In inbox rows of 200, as an enqueue's: the router takes a row whole or not at all.
  private static final String REQUEUE =
      GONE
          + """
          , added AS (
            INSERT INTO deriver.item (id, type, key, payload, bytes, weight, variant, priority, enqueued_at)
            SELECT id, type, key, payload, bytes, weight, variant, priority, enqueued_at FROM gone ORDER BY id
            RETURNING id, type),
          noted AS (
            INSERT INTO deriver.inbox (type, id, ids)
            SELECT g.type, nextval('deriver.inbox_number'), g.ids
              FROM (SELECT a.type, array_agg(a.id ORDER BY a.id) AS ids
                      FROM (SELECT id, type, (row_number() OVER (PARTITION BY type ORDER BY id) - 1) / 200 AS chunk
                              FROM added) a
                     GROUP BY a.type, a.chunk ORDER BY min(a.id)) g)
          SELECT count(*) FROM added
          """;

  private static final String NEWEST =
      "SELECT coalesce(max(id), 0) FROM deriver.dead_letter WHERE type = :type";
  private static final String PAGE =
      """
      SELECT id FROM deriver.dead_letter WHERE type = :type AND id > :after AND id <= :until
       ORDER BY id LIMIT :limit
      """;
  private static final int BATCH = 500;

  private final HostCalls calls;
  private final Runnable tell;
  private final ClaimHistory history = new ClaimHistory();

  /**
   * @param tell tells pools that there may be work
   */
  public DeadLetterCalls(HostCalls calls, Runnable tell) {
    this.calls = calls;
    this.tell = tell;
  }

  public List<DeadLetter> list(String type, long after, int limit) {
    return calls.withHandle(
        "list dead letters",
        handle ->
            handle
                .createQuery(calls.sql(LIST))
                .bind("type", type)
                .bind("after", after)
                .bind("limit", limit)
                .map((rows, context) -> read(rows))
                .list());
  }

  public int requeue(Collection<Long> ids) {
    int requeued =
        calls.withHandle(
            "requeue dead letters",
            handle ->
                handle
                    .createQuery(calls.sql(REQUEUE))
                    .bindArray("ids", Long.class, ids.toArray())
                    .mapTo(Integer.class)
                    .one());
    tell.run();
    return requeued;
  }

  public int discard(Collection<Long> ids) {
    return calls.withHandle(
        "discard dead letters",
        handle ->
            handle
                .createQuery(calls.sql(DISCARD))
                .bindArray("ids", Long.class, ids.toArray())
                .mapTo(Integer.class)
                .one());
  }

  public long requeueAll(String type) {
    return inBatches(type, this::requeue);
  }

  public long discardAll(String type) {
    return inBatches(type, this::discard);
  }

  /** Up to the newest that there is now: one that dies once more meanwhile comes no second time. */
  private long inBatches(String type, ToIntFunction<Collection<Long>> act) {
    long until =
        calls.withHandle(
            "count dead letters",
            handle ->
                handle.createQuery(calls.sql(NEWEST)).bind("type", type).mapTo(Long.class).one());
    long done = 0;
    long after = 0;
    List<Long> ids = page(type, after, until);
    while (!ids.isEmpty()) {
      done += act.applyAsInt(ids);
      after = ids.get(ids.size() - 1);
      ids = page(type, after, until);
    }
    return done;
  }

  private List<Long> page(String type, long after, long until) {
    return calls.withHandle(
        "list dead letters",
        handle ->
            handle
                .createQuery(calls.sql(PAGE))
                .bind("type", type)
                .bind("after", after)
                .bind("until", until)
                .bind("limit", BATCH)
                .mapTo(Long.class)
                .list());
  }

  private DeadLetter read(ResultSet row) throws SQLException {
    return new DeadLetter(
        row.getLong("id"),
        row.getString("type"),
        row.getString("key"),
        row.getString("payload"),
        row.getInt("weight"),
        row.getString("variant"),
        Priorities.of(row.getInt("priority")),
        row.getObject("enqueued_at", OffsetDateTime.class).toInstant(),
        row.getInt("attempts"),
        history.ended(row.getString("ended")),
        history.errors(row.getString("errors")),
        row.getObject("died_at", OffsetDateTime.class).toInstant());
  }
}
