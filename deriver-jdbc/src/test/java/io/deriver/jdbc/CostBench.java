package io.deriver.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Fills a schema with keys and counts the shared buffers that a call touches. */
record CostBench(Db db) {

  /** A claim of ten: no lane but the regular one favoured, the terms of one type. */
  static final String CLAIM =
      """
      SELECT * FROM deriver.claim_v1('me', 'cost', '{mail}', 60000, '{mail}', '{60000}', '{1}', '{100000}', '{100000}', '{5}', '{100}',
        '{NULL}', 10, 10, 10, true, false, array_fill((%1$s)::timestamptz, '{12}'))
      """;

  void empty() {
    db.empty();
    db.execute("INSERT INTO deriver.type (name) VALUES ('mail')");
  }

  /** Of a claim whose lanes are read from so. */
  long buffersOfClaim(String from) throws SQLException {
    db.execute("VACUUM ANALYZE deriver.head");
    db.execute("VACUUM ANALYZE deriver.item");
    return buffers(CLAIM.formatted(from));
  }

  /** The shared buffers of one call, once its plans are cached; rolled back. */
  long buffers(String sql) throws SQLException {
    try (Connection connection = db.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      // As the functions that pools call do it for all that they call.
      statement.execute("SET enable_seqscan = off");
      connection.setAutoCommit(false);
      for (int i = 0; i < 3; i++) {
        statement.execute(db.sql(sql));
        connection.rollback();
      }
      return buffers(connection, sql);
    }
  }

  long buffers(Connection connection, String sql) throws SQLException {
    try {
      String plan =
          String.valueOf(
              Db.column(connection, db.sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql))
                  .get(0));
      connection.rollback();
      JsonNode top = new ObjectMapper().readTree(plan).get(0).get("Plan");
      return top.get("Shared Hit Blocks").asLong() + top.get("Shared Read Blocks").asLong();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  void keys(String prefix, int count, String availableAt, String fence, int lane) {
    db.execute(
        """
        WITH added AS (
          INSERT INTO deriver.item (type, key, payload, bytes, weight)
          SELECT 'mail', '%s' || n, '"x"', 3, 1 FROM generate_series(1, %d) n RETURNING id, key)
        INSERT INTO deriver.head (type, key, ids, available_at, lane, fence, node, guard, claimed_at, taken, max_attempts)
        SELECT 'mail', a.key, ARRAY[a.id], %s, %d, f.fence, CASE WHEN f.fence IS NOT NULL THEN 'other' END,
               CASE WHEN f.fence IS NOT NULL THEN clock_timestamp() + interval '1 hour' END, clock_timestamp(), 1, 5
          FROM added a CROSS JOIN LATERAL (SELECT CASE WHEN a.id > 0 THEN (%s)::bigint END AS fence) f
        """
            .formatted(prefix, count, availableAt, lane, fence));
    db.execute(
        """
        INSERT INTO deriver.node (id, pool, types, expires_at)
        VALUES ('other', 'other', '{mail}', clock_timestamp() + interval '1 hour') ON CONFLICT DO NOTHING
        """);
  }
}
