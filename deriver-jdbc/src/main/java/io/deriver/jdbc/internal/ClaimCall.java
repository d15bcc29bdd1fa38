package io.deriver.jdbc.internal;

import io.deriver.Cut;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimBatch;
import io.deriver.spi.ClaimId;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.StoredItem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes and claims in one round trip. Used by one thread. */
final class ClaimCall {

  private static final String SQL =
      "SELECT * FROM deriver.claim_v1(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private final String nodeId;
  private final NodeSpec spec;
  private final Tx tx;
  private final String sql;
  private final Watermarks watermarks = new Watermarks();
  private int calls;

  ClaimCall(String nodeId, NodeSpec spec, SchemaName schema, Tx tx) {
    this.nodeId = nodeId;
    this.spec = spec;
    this.tx = tx;
    sql = schema.sql(SQL);
  }

  Result claim(Connection connection, ClaimRequest request) throws SQLException {
    boolean byAge = ++calls % NodeStore.BY_AGE_EVERY == 0;
    Result result = claimFromBounds(connection, request, byAge);
    Duration untilAll = result.isEmpty() ? watermarks.untilAll(System.nanoTime()) : null;
    if (untilAll == null) {
      return result;
    }
    // Nothing from there on is no reason to rest: a transaction that took long stamps its keys long
    // before they can be seen.
    if (!untilAll.isZero()) {
      return result.dueWithin(untilAll);
    }
    watermarks.forget();
    Result all = claimFromBounds(connection, request, byAge);
    if (all.isEmpty()) {
      watermarks.restore(System.nanoTime());
    }
    return all;
  }

  private Result claimFromBounds(Connection connection, ClaimRequest request, boolean byAge)
      throws SQLException {
    OffsetDateTime[] bounds = watermarks.bounds(request.types(), System.nanoTime());
    return tx.query(
        connection, sql, statement -> bind(statement, request, bounds, byAge), this::read);
  }

  private void bind(
      PreparedStatement statement, ClaimRequest request, OffsetDateTime[] bounds, boolean byAge)
      throws SQLException {
    Connection connection = statement.getConnection();
    List<TypeTerms> terms = request.types();
    statement.setString(1, nodeId);
    statement.setString(2, spec.pool());
    statement.setArray(3, SqlArrays.texts(connection, spec.types()));
    statement.setLong(4, spec.lease().toMillis());
    statement.setArray(5, SqlArrays.texts(connection, terms, TypeTerms::type));
    statement.setArray(6, SqlArrays.longs(connection, terms, term -> term.guard().toMillis()));
    statement.setArray(7, SqlArrays.ints(connection, terms, TypeTerms::maxItems));
    statement.setArray(8, SqlArrays.ints(connection, terms, TypeTerms::maxBytes));
    statement.setArray(9, SqlArrays.longs(connection, terms, TypeTerms::maxWeight));
    statement.setArray(10, SqlArrays.ints(connection, terms, TypeTerms::maxAttempts));
    statement.setArray(11, SqlArrays.ints(connection, terms, TypeTerms::maxKeys));
    statement.setArray(12, SqlArrays.ints(connection, terms, ClaimCall::maxRunning));
    statement.setInt(13, request.maxKeys());
    statement.setInt(14, request.probation());
    statement.setInt(15, request.suspects());
    statement.setBoolean(16, request.renews());
    statement.setBoolean(17, byAge);
    statement.setArray(18, connection.createArrayOf("timestamptz", bounds));
  }

  private static @Nullable Integer maxRunning(TypeTerms terms) {
    return terms.maxRunning() == Integer.MAX_VALUE ? null : terms.maxRunning();
  }

  private Result read(ResultSet rows) throws SQLException {
    List<Collected> all = new ArrayList<>();
    Collected open = null;
    while (rows.next()) {
      long fence = rows.getLong("o_fence");
      if (rows.wasNull()) {
        // The last row is of no claim: in that column it has the time to which ages count.
        return result(all, instant(rows, "o_enqueued_at"), nextDue(rows));
      }
      if (open == null || open.id.fence() != fence) {
        open = begin(rows, fence);
        all.add(open);
      }
      long id = rows.getLong("o_id");
      if (!rows.wasNull()) {
        open.items.add(
            new StoredItem(
                id,
                rows.getString("o_payload"),
                rows.getInt("o_weight"),
                rows.getString("o_variant"),
                instant(rows, "o_enqueued_at")));
      }
    }
    throw new SQLException("the answer to a claim has no last row", "XX000");
  }

  private static @Nullable Duration nextDue(ResultSet last) throws SQLException {
    long ms = last.getLong("o_next_due_ms");
    return last.wasNull() ? null : Duration.ofMillis(ms);
  }

  private static Result result(List<Collected> all, Instant now, @Nullable Duration nextDue) {
    List<Claim> claims = new ArrayList<>(all.size());
    List<ClaimId> hollow = new ArrayList<>();
    for (Collected one : all) {
      if (one.items.isEmpty()) {
        hollow.add(one.id);
      } else {
        claims.add(one.claim(now));
      }
    }
    return new Result(new ClaimBatch(claims, nextDue), hollow);
  }

  private Collected begin(ResultSet rows, long fence) throws SQLException {
    ClaimId id = new ClaimId(rows.getString("o_type"), rows.getString("o_key"), fence, nodeId);
    Lane lane = new Lane(rows.getInt("o_lane"));
    watermarks.claimed(id.type(), lane.place(), instant(rows, "o_available_at"));
    return new Collected(
        id,
        rows.getInt("o_attempt"),
        lane.standing(),
        Cut.valueOf(rows.getString("o_cut")),
        new ArrayList<>());
  }

  private static Instant instant(ResultSet rows, String column) throws SQLException {
    return rows.getObject(column, OffsetDateTime.class).toInstant();
  }

  /**
   * What came.
   *
   * @param hollow claims whose items are all gone, taken out of the table by hand: to be completed
   */
  record Result(ClaimBatch batch, List<ClaimId> hollow) {
    boolean isEmpty() {
      return batch.claims().isEmpty() && hollow.isEmpty();
    }

    Result dueWithin(Duration wait) {
      Duration due = batch.nextDue();
      return due != null && due.compareTo(wait) <= 0
          ? this
          : new Result(new ClaimBatch(batch.claims(), wait), hollow);
    }
  }

  private record Collected(
      ClaimId id, int attempt, Claim.Standing standing, Cut cut, List<StoredItem> items) {

    Claim claim(Instant now) {
      Instant oldest = now;
      for (StoredItem item : items) {
        oldest = item.enqueuedAt().isBefore(oldest) ? item.enqueuedAt() : oldest;
      }
      return new Claim(id, attempt, standing, items, cut, Duration.between(oldest, now));
    }
  }
}
