package io.deriver.benchmarks.backlog;

import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;

/** Puts many keys of one item each into the library's tables, as routing and claims leave them. */
record Filling(Server server) {

  /** The items of a key of which a unit is made in any case, in weight. */
  static final int HEAVY = 10;

  private static final String KEYS =
      """
      WITH added AS (
        INSERT INTO %1$s.item (type, key, payload, bytes, weight, due_at)
        SELECT '%2$s', '%3$s' || n, '"x"', 3, %4$d, %5$s FROM generate_series(1, %6$d) n RETURNING id, key)
      INSERT INTO %1$s.head (type, key, ids, available_at, attempts, fresh, ended, errors,
                             fence, node, guard, claimed_at, taken, max_attempts)
      SELECT '%2$s', a.key, ARRAY[a.id], %7$s + a.id * interval '1 microsecond', %8$d, %8$d = 0, %9$s
        FROM added a
      """;
  private static final String FAILED =
      """
      '{"failure": 1}',
      jsonb_build_array(jsonb_build_object('at', now(), 'attempt', 1, 'cause', 'failure', 'node', 'gone', 'error', 'it failed')),
      NULL, NULL, NULL, NULL, NULL, NULL
      """;
  private static final String CLAIMED =
      """
      '{}', '[]', nextval('%s.fence_number'), '%s', now() + interval '1 hour', now(), 1, 5
      """;
  private static final String NEW = "'{}', '[]', NULL, NULL, NULL, NULL, NULL, NULL";

  /** Adds keys that a claim finds. */
  void claimable(int count) throws SQLException {
    add("few", count, Kind.WAITING, HEAVY, NEW);
  }

  /** Adds many of a kind; those that are claimed are another node's. */
  void many(int count, Kind kind) throws SQLException {
    server.execute(
        """
        INSERT INTO %s.node (id, pool, types, expires_at)
        VALUES ('other', 'other', '{%s}', now() + interval '1 hour')
        """
            .formatted(Server.SCHEMA, Library.NOOP.name()));
    String state =
        switch (kind) {
          case CLAIMED -> claimedBy("other");
          case BACKING_OFF -> FAILED;
          case WAITING, NOT_DUE, GATHERING -> NEW;
        };
    add("many", count, kind, 1, state);
  }

  /** Adds keys that this node has claimed. */
  void held(int count, String node) throws SQLException {
    add("held", count, Kind.CLAIMED, 1, claimedBy(node));
  }

  private static String claimedBy(String node) {
    return CLAIMED.formatted(Server.SCHEMA, node);
  }

  private void add(String prefix, int count, Kind kind, int weight, String state)
      throws SQLException {
    server.execute(
        KEYS.formatted(
            Server.SCHEMA,
            Library.NOOP.name(),
            prefix,
            weight,
            kind.due(),
            count,
            kind.available(),
            kind.attempts(),
            state));
  }
}
