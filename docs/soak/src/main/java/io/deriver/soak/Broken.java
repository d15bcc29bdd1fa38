package io.deriver.soak;

import io.deriver.soak.judge.Verdict;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * What can be broken on purpose, to see that the judge notices. The functions of one queue's schema
 * are changed in the database; the library stays as it is.
 */
public enum Broken {
  /**
   * Whoever writes for a claimed key is heard, whatever its fence and node; steps commit anyway.
   */
  FENCES(
      Set.of("OneEffectAnItem", "OneOwner"),
      new Change(
          "settle_one_v1",
          "v_head.fence IS DISTINCT FROM p_fence OR v_head.node IS DISTINCT FROM p_node",
          "v_head.fence IS NULL"),
      new Change("apply_begin_v1", " AND h.fence = p_fence AND h.node = p_node", ""),
      new Change("apply_end_v1", "= 'refused' THEN", "= 'heard' THEN")),
  /** What comes later is put before what waits. */
  ORDER(
      Set.of("OrderOfEffects", "OrderOfStarts"),
      new Change("route_v1", "SET ids = h.ids || r.ids", "SET ids = r.ids || h.ids")),
  /** Claims count no attempt. */
  ATTEMPTS(
      Set.of("AttemptsInBounds"),
      new Change("claim_v1", "attempts = h.attempts + 1", "attempts = h.attempts")),
  /** Effects are committed by themselves; see the worker. */
  APPLY(Set.of("OneEffectAnItem")),
  /** Nothing is ever taken back. */
  REAPER(
      Set.of("NoIdleClaim"),
      new Change("reap_v1", "n.expires_at < clock_timestamp() FOR UPDATE", "false FOR UPDATE"),
      new Change("reap_v1", "h.guard < clock_timestamp()", "false"));

  @SuppressWarnings("ImmutableEnumChecker") // a copy, of records of texts
  private final List<Change> changes;

  @SuppressWarnings("ImmutableEnumChecker") // a copy
  private final Set<String> noticedBy;

  Broken(Set<String> noticedBy, Change... changes) {
    this.noticedBy = Set.copyOf(noticedBy);
    this.changes = List.of(changes);
  }

  /** Whether a rule that is about it was broken: red for the right reason. */
  public boolean isNoticed(Verdict verdict) {
    return noticedBy.stream().anyMatch(verdict.broken()::contains);
  }

  void in(Connection connection, String schema) throws SQLException {
    for (Change change : changes) {
      change.in(connection, schema);
    }
  }

  /** A piece of a function's text, and what stands there instead. */
  private record Change(String function, String from, String to) {

    private static final String TEXT =
        """
        SELECT pg_get_functiondef(p.oid) FROM pg_proc p
         WHERE p.pronamespace = ?::regnamespace AND p.proname = ?
        """;

    void in(Connection connection, String schema) throws SQLException {
      try (PreparedStatement select = connection.prepareStatement(TEXT)) {
        select.setString(1, schema);
        select.setString(2, function);
        try (ResultSet row = select.executeQuery();
            Statement replace = connection.createStatement()) {
          String text = row.next() ? row.getString(1) : "";
          if (!text.contains(from)) {
            throw new IllegalStateException(
                "this break does not fit any more: %s has no '%s'".formatted(function, from));
          }
          replace.execute(text.replace(from, to));
        }
      }
    }
  }
}
