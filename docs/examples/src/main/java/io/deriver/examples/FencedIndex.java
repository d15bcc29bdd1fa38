package io.deriver.examples;

import io.deriver.Outcome;
import io.deriver.Processor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A search index in another database, which refuses what comes late. */
final class FencedIndex {

  // docs:start fenced-index
  static final String PUT =
      """
      INSERT INTO search (conversation, text, fence) VALUES (?, ?, ?)
      ON CONFLICT (conversation) DO UPDATE SET text = excluded.text, fence = excluded.fence
       WHERE search.fence <= excluded.fence
      """;

  /** Whether it was taken; false if a later claim of the conversation has written already. */
  boolean put(String conversation, String text, long fence) throws SQLException {
    try (Connection connection = elsewhere.getConnection();
        PreparedStatement put = connection.prepareStatement(PUT)) {
      put.setString(1, conversation);
      put.setString(2, text);
      put.setLong(3, fence);
      return put.executeUpdate() == 1;
    }
  }

  // docs:end

  private final DataSource elsewhere;

  FencedIndex(DataSource elsewhere) {
    this.elsewhere = elsewhere;
  }

  Processor<String> processor() {
    // docs:start fenced-processor
    Processor<String> processor =
        (unit, run) -> {
          String text = String.join(" ", unit.payloads());
          if (!put(unit.key(), text, run.fence())) {
            run.throwIfCancelled(); // the usual reason: this run was ended, the key claimed anew
            throw new IllegalStateException("the index has seen a later fence than " + run.fence());
          }
          return Outcome.done();
        };
    // docs:end
    return processor;
  }
}
