package io.deriver.jdbc.internal;

import io.deriver.jdbc.DeadLetter.AttemptError;
import io.deriver.jdbc.KeyView;
import io.deriver.jdbc.KeyView.Pending;
import io.deriver.jdbc.KeyView.Run;
import io.deriver.jdbc.KeyView.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What operators do with a key. Thread-safe. */
public final class KeyCalls {

  private static final String CANCEL = "SELECT deriver.cancel_v1(:type, :key)";
  private static final String ROUTE_AHEAD = "SELECT deriver.route_ahead_v1(?)";

  private static final String NEWEST = "SELECT nextval('deriver.inbox_number')";

  private static final String CANCEL_RUNNING =
      "UPDATE deriver.head SET cancel = fence WHERE type = :type AND key = :key AND fence IS NOT NULL";
  private static final String HEAD =
      """
      SELECT h.available_at, h.attempts, h.ended, h.errors, h.fence, h.node, n.pool, h.taken, h.claimed_at, h.guard,
             h.fence IS NULL AND h.available_at > clock_timestamp() AS not_due
        FROM deriver.head h LEFT JOIN deriver.node n ON n.id = h.node
       WHERE h.type = :type AND h.key = :key
      """;
  private static final String ITEMS =
      """
      SELECT i.*, count(*) OVER () AS of_all FROM (
        SELECT 0 AS place, 0::bigint AS number, u.n, u.id FROM deriver.head h, unnest(h.ids) WITH ORDINALITY u(id, n)
         WHERE h.type = :type AND h.key = :key
        UNION ALL
        SELECT 1, s.number, u.n, u.id FROM deriver.segment s, unnest(s.ids) WITH ORDINALITY u(id, n)
         WHERE s.type = :type AND s.key = :key
        UNION ALL
        SELECT 2, b.id, u.n, u.id FROM deriver.inbox b, unnest(b.ids) WITH ORDINALITY u(id, n)
         WHERE b.type = :type) p
        JOIN deriver.item i ON i.id = p.id
       WHERE i.key = :key
       ORDER BY p.place, p.number, p.n LIMIT 100
      """;

  private final HostCalls calls;
  private final ClaimHistory history = new ClaimHistory();

  public KeyCalls(HostCalls calls) {
    this.calls = calls;
  }

  public boolean cancelRunning(String type, String key) {
    return calls.withHandle(
        "cancel a run",
        handle ->
            handle
                    .createUpdate(calls.sql(CANCEL_RUNNING))
                    .bind("type", type)
                    .bind("key", key)
                    .execute()
                > 0);
  }

  /** What it looks at with the type locked is little once nearly all that was there is routed. */
  public long cancel(String type, String key) {
    long before = 0;
    long first = routeAhead(type);
    // However fast more is enqueued: what comes from here on need not be routed first.
    long newest = first > 0 ? number(NEWEST, statement -> {}) : 0;
    while (first > before && first < newest) {
      before = first;
      first = routeAhead(type);
    }
    return calls.withHandle(
        "cancel pending items",
        handle ->
            handle
                .createQuery(calls.sql(CANCEL))
                .bind("type", type)
                .bind("key", key)
                .mapTo(Long.class)
                .one());
  }

  private long routeAhead(String type) {
    return number(ROUTE_AHEAD, statement -> statement.setString(1, type));
  }

  private long number(String sql, Tx.Binder binder) {
    return calls.query(
        "cancel pending items",
        sql,
        binder,
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }

  public Optional<KeyView> look(String type, String key) {
    return calls.withHandle("look at a key", handle -> look(handle, type, key));
  }

  private Optional<KeyView> look(Handle handle, String type, String key) {
    Optional<Found> head =
        handle
            .createQuery(calls.sql(HEAD))
            .bind("type", type)
            .bind("key", key)
            .map((row, context) -> head(row))
            .findOne();
    List<Counted> items =
        handle
            .createQuery(calls.sql(ITEMS).replace("::bigint", "\\:\\:bigint"))
            .bind("type", type)
            .bind("key", key)
            .map((row, context) -> new Counted(item(row), row.getLong("of_all")))
            .list();
    if (head.isEmpty() && items.isEmpty()) {
      return Optional.empty();
    }
    Found found =
        head.orElse(
            new Found(
                State.NOT_ROUTED, Optional.empty(), 0, Map.of(), List.of(), Optional.empty()));
    return Optional.of(
        new KeyView(
            type,
            key,
            found.state,
            found.availableAt,
            found.attempts,
            found.ended,
            found.errors,
            found.run,
            items.stream().map(Counted::item).toList(),
            items.isEmpty() ? 0 : items.get(0).ofAll()));
  }

  private Found head(ResultSet row) throws SQLException {
    String node = row.getString("node");
    State state = row.getBoolean("not_due") ? State.NOT_DUE : State.WAITING;
    return new Found(
        node == null ? state : State.RUNNING,
        at(row, "available_at"),
        row.getInt("attempts"),
        history.ended(row.getString("ended")),
        history.errors(row.getString("errors")),
        node == null ? Optional.empty() : Optional.of(run(node, row)));
  }

  private static Run run(String node, ResultSet row) throws SQLException {
    return new Run(
        node,
        Optional.ofNullable(row.getString("pool")),
        row.getLong("fence"),
        row.getInt("taken"),
        instant(row, "claimed_at"),
        instant(row, "guard"));
  }

  private static Pending item(ResultSet row) throws SQLException {
    return new Pending(
        row.getLong("id"),
        row.getInt("bytes"),
        row.getInt("weight"),
        row.getString("variant"),
        instant(row, "enqueued_at"),
        at(row, "due_at"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return at(row, column).orElseThrow();
  }

  private static Optional<Instant> at(ResultSet row, String column) throws SQLException {
    @Nullable OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return Optional.ofNullable(at).map(OffsetDateTime::toInstant);
  }

  private record Found(
      State state,
      Optional<Instant> availableAt,
      int attempts,
      Map<String, Integer> ended,
      List<AttemptError> errors,
      Optional<Run> run) {}

  private record Counted(Pending item, long ofAll) {}
}
