package io.deriver.quickstart.legacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deriver.quickstart.SummaryRow;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.data.Message;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * The queue of the outage in plain JDBC: a message table, and a claim row for each conversation
 * that a worker has in hand. No fence, no attempts, no lease: a claim's age is all that is known of
 * it. Thread-safe.
 */
public final class LegacyQueue {

  private final DataSource database;
  private final String schema;
  private final ObjectMapper json = new ObjectMapper();

  /** A queue on the tables of this schema. */
  public LegacyQueue(DataSource database, String schema) {
    this.database = database;
    this.schema = schema;
  }

  /** Adds all messages of the input. */
  public void add(Input input) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                sql(
                    "insert into ${schema}.message (id, conversation, payload) values (?, ?, ?)"))) {
      connection.setAutoCommit(false);
      for (Input.Line line : input.lines()) {
        insert.setLong(1, line.message().number());
        insert.setString(2, line.conversation());
        insert.setString(3, json.writeValueAsString(line.message()));
        insert.addBatch();
      }
      insert.executeBatch();
      connection.commit();
      connection.setAutoCommit(true);
    } catch (IOException e) {
      throw new IllegalStateException("a message that was read as JSON is written as JSON", e);
    }
  }

  /** Claims conversations that have messages to work and no claim, the oldest message first. */
  List<String> claim(int atMost) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                sql(
                    """
                    insert into ${schema}.claim (conversation)
                    select conversation from ${schema}.message m
                    where not processed
                      and not exists (
                        select from ${schema}.claim c where c.conversation = m.conversation)
                    group by conversation order by min(id) limit ?
                    on conflict do nothing
                    returning conversation"""))) {
      insert.setInt(1, atMost);
      try (ResultSet rows = insert.executeQuery()) {
        List<String> claimed = new ArrayList<>();
        while (rows.next()) {
          claimed.add(rows.getString(1));
        }
        return claimed;
      }
    }
  }

  /** The messages of a conversation that are still to be worked, oldest first. */
  List<Message> pending(String conversation) throws SQLException, IOException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                sql(
                    "select payload from ${schema}.message"
                        + " where conversation = ? and not processed order by id"))) {
      select.setString(1, conversation);
      try (ResultSet rows = select.executeQuery()) {
        List<Message> messages = new ArrayList<>();
        while (rows.next()) {
          messages.add(json.readValue(rows.getString(1), Message.class));
        }
        return messages;
      }
    }
  }

  /** Writes the summary and marks its messages as processed. Whose claim it is, nobody asks. */
  void finish(SummaryRow summary) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                sql(
                    "update ${schema}.message set processed = true"
                        + " where conversation = ? and id between ? and ?"))) {
      summary.insert(connection, schema);
      update.setString(1, summary.conversation());
      update.setLong(2, summary.firstItem());
      update.setLong(3, summary.lastItem());
      update.executeUpdate();
    }
  }

  /** How many messages are marked as processed. */
  public int processed() throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                sql("select count(*) from ${schema}.message where processed"));
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  /** Gives the claim of a conversation up, whoever holds it by now. */
  void release(String conversation) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement(
                sql("delete from ${schema}.claim where conversation = ?"))) {
      delete.setString(1, conversation);
      delete.executeUpdate();
    }
  }

  /** The cleanup: gives up all claims of at least this age. */
  int releaseStale(Duration age) throws SQLException {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement(
                sql(
                    "delete from ${schema}.claim"
                        + " where claimed_at < clock_timestamp() - ? * interval '1 ms'"))) {
      delete.setLong(1, age.toMillis());
      return delete.executeUpdate();
    }
  }

  private String sql(String text) {
    return text.replace("${schema}", schema);
  }
}
