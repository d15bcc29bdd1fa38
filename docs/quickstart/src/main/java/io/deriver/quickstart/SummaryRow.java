package io.deriver.quickstart;

import io.deriver.quickstart.data.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * One summary, as it is written.
 *
 * @param firstItem number of the first message that it covers
 * @param lastItem number of the last one
 * @param fence the claim's number; 0 where there is no such thing
 */
public record SummaryRow(
    String conversation, long firstItem, long lastItem, long fence, String text) {

  /** The row for these messages of a conversation, of which there is one or more. */
  public static SummaryRow of(
      String conversation, List<Message> messages, long fence, String text) {
    return new SummaryRow(
        conversation,
        messages.get(0).number(),
        messages.get(messages.size() - 1).number(),
        fence,
        text);
  }

  /**
   * Appends the row to a {@code summary} table. A plain insert: nothing here or in the table would
   * hide a unit that is worked twice.
   */
  public void insert(Connection connection, String schema) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into %s.summary (conversation, first_item, last_item, fence, text)"
                    .formatted(schema)
                + " values (?, ?, ?, ?, ?)")) {
      insert.setString(1, conversation);
      insert.setLong(2, firstItem);
      insert.setLong(3, lastItem);
      insert.setLong(4, fence);
      insert.setString(5, text);
      insert.executeUpdate();
    }
  }
}
