package io.deriver.jdbc.internal;

import io.deriver.jdbc.DoneItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads what is kept of items that have ended. Thread-safe. */
public final class DoneCalls {

  private static final String LAST =
      """
      SELECT * FROM deriver.done WHERE type = :type AND key = :key
       ORDER BY ended_at DESC, id DESC LIMIT :limit
      """;

  private final HostCalls calls;
  private final ClaimHistory history = new ClaimHistory();

  public DoneCalls(HostCalls calls) {
    this.calls = calls;
  }

  public List<DoneItem> last(String type, String key, int limit) {
    return calls.withHandle(
        "list what has ended",
        handle ->
            handle
                .createQuery(calls.sql(LAST))
                .bind("type", type)
                .bind("key", key)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list());
  }

  private DoneItem read(ResultSet row) throws SQLException {
    long fence = row.getLong("fence");
    return new DoneItem(
        row.getLong("id"),
        row.getString("type"),
        row.getString("key"),
        DoneItem.How.valueOf(row.getString("how").toUpperCase(Locale.ROOT)),
        row.getInt("attempts"),
        history.ended(row.getString("ended")),
        row.getObject("enqueued_at", OffsetDateTime.class).toInstant(),
        row.getObject("ended_at", OffsetDateTime.class).toInstant(),
        Optional.ofNullable(row.getString("node")),
        fence == 0 ? OptionalLong.empty() : OptionalLong.of(fence));
  }
}
