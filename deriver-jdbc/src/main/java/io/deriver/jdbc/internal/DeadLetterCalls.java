package io.deriver.jdbc.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deriver.jdbc.DeadLetter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What operators do with dead letters. Thread-safe. */
public final class DeadLetterCalls {

  private static final String LIST =
      "SELECT * FROM deriver.dead_letter WHERE type = :type AND id > :after ORDER BY id LIMIT :limit";
  private static final String DISCARD = "DELETE FROM deriver.dead_letter WHERE id = ANY (:ids)";
  private static final String REQUEUE =
      """
      WITH gone AS (DELETE FROM deriver.dead_letter WHERE id = ANY (:ids) RETURNING *),
      added AS (
        INSERT INTO deriver.item (id, type, key, payload, bytes, weight, variant, enqueued_at)
        SELECT id, type, key, payload, bytes, weight, variant, enqueued_at FROM gone ORDER BY id
        RETURNING id, type),
      noted AS (
        INSERT INTO deriver.inbox (type, id, ids)
        SELECT g.type, nextval('deriver.inbox_number'), g.ids
          FROM (SELECT type, array_agg(id ORDER BY id) AS ids FROM added GROUP BY type) g)
      SELECT count(*) FROM added
      """;

  private final HostCalls calls;
  private final Hints hints;
  private final ObjectMapper json = new ObjectMapper();

  public DeadLetterCalls(HostCalls calls, Hints hints) {
    this.calls = calls;
    this.hints = hints;
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
    hints.give();
    return requeued;
  }

  public int discard(Collection<Long> ids) {
    return calls.withHandle(
        "discard dead letters",
        handle ->
            handle
                .createUpdate(calls.sql(DISCARD))
                .bindArray("ids", Long.class, ids.toArray())
                .execute());
  }

  private DeadLetter read(ResultSet row) throws SQLException {
    return new DeadLetter(
        row.getLong("id"),
        row.getString("type"),
        row.getString("key"),
        row.getString("payload"),
        row.getInt("weight"),
        row.getString("variant"),
        row.getObject("enqueued_at", OffsetDateTime.class).toInstant(),
        row.getInt("attempts"),
        ended(row.getString("ended")),
        errors(row.getString("errors")),
        row.getObject("died_at", OffsetDateTime.class).toInstant());
  }

  private Map<String, Integer> ended(String text) throws SQLException {
    try {
      return json.readValue(text, new TypeReference<>() {});
    } catch (JsonProcessingException e) {
      throw new SQLException("the counts of a dead letter are no JSON", e);
    }
  }

  private List<DeadLetter.AttemptError> errors(String text) throws SQLException {
    List<DeadLetter.AttemptError> errors = new ArrayList<>();
    try {
      for (JsonNode entry : json.readTree(text)) {
        errors.add(
            new DeadLetter.AttemptError(
                OffsetDateTime.parse(entry.path("at").asText()).toInstant(),
                entry.path("attempt").asInt(),
                entry.path("cause").asText(),
                entry.path("node").asText(),
                entry.path("error").asText()));
      }
    } catch (JsonProcessingException e) {
      throw new SQLException("the error history is no JSON", e);
    }
    return errors;
  }
}
