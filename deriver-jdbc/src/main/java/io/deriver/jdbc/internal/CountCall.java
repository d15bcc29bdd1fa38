package io.deriver.jdbc.internal;

import io.deriver.jdbc.QueueCounts;
import org.jspecify.annotations.Nullable;

/** Counts what is there; reads whole tables. */
public final class CountCall {

  // Items that no router has met yet are counted as items; their keys, where they have no head.
  private static final String SQL =
      """
      WITH heads AS (
        SELECT h.lane, h.fence IS NOT NULL AS running, h.available_at > clock_timestamp() AS later,
               cardinality(h.ids) + coalesce((SELECT sum(cardinality(s.ids)) FROM deriver.segment s
                 WHERE h.segments > 0 AND s.type = h.type AND s.key = h.key), 0) AS items,
               coalesce(h.taken, 0) AS taken
          FROM deriver.head h WHERE :type::text IS NULL OR h.type = :type),
      unrouted AS (
        SELECT i.type, i.key FROM deriver.inbox b
         CROSS JOIN LATERAL unnest(b.ids) u(id) JOIN deriver.item i ON i.id = u.id
         WHERE :type::text IS NULL OR b.type = :type)
      SELECT (SELECT count(*) FROM heads) + (SELECT count(DISTINCT (u.type, u.key)) FROM unrouted u
                WHERE NOT EXISTS (SELECT FROM deriver.head h WHERE h.type = u.type AND h.key = u.key)) AS pending_keys,
             (SELECT coalesce(sum(items), 0) FROM heads) + (SELECT count(*) FROM unrouted) AS pending_items,
             (SELECT count(*) FROM heads WHERE running) AS running_units,
             (SELECT coalesce(sum(taken), 0) FROM heads WHERE running) AS running_items,
             (SELECT count(*) FROM heads WHERE NOT running AND later) AS not_due_keys,
             (SELECT coalesce(sum(items), 0) FROM heads WHERE NOT running AND later) AS not_due_items,
             (SELECT count(*) FROM heads WHERE lane >= 16 AND lane < 32) AS probation_keys,
             (SELECT count(*) FROM heads WHERE lane >= 32) AS suspect_keys,
             (SELECT count(*) FROM deriver.dead_letter d WHERE :type::text IS NULL OR d.type = :type) AS dead_items
      """;

  private final HostCalls calls;

  public CountCall(HostCalls calls) {
    this.calls = calls;
  }

  public QueueCounts counts(@Nullable String type) {
    return calls.withHandle(
        "count",
        handle ->
            handle
                .createQuery(calls.sql(SQL).replace("::text", "\\:\\:text"))
                .bind("type", type)
                .map(
                    (row, context) ->
                        new QueueCounts(
                            row.getLong("pending_keys"),
                            row.getLong("pending_items"),
                            row.getLong("running_units"),
                            row.getLong("running_items"),
                            row.getLong("not_due_keys"),
                            row.getLong("not_due_items"),
                            row.getLong("probation_keys"),
                            row.getLong("suspect_keys"),
                            row.getLong("dead_items")))
                .one());
  }
}
