package io.deriver.quickstart.verify;

import io.deriver.quickstart.Schemas;
import io.deriver.quickstart.Sql;
import io.deriver.quickstart.data.Input;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** Holds what was written against the input, by the SQL in {@code verify.sql}. */
public final class Verification {

  private static final int PRINTED = 20;

  private final DataSource database;
  private final Schemas schemas;

  /** A check of these schemas. */
  public Verification(DataSource database, Schemas schemas) {
    this.database = database;
    this.schemas = schemas;
  }

  /**
   * Loads the input into a table.
   *
   * @param poisoned the numbers of the messages that are to be dead letters
   */
  public void load(Input input, Set<Long> poisoned) throws SQLException {
    Sql.run(database, schemas.host(), Sql.file("input.sql"));
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into %s.input (number, conversation, poisoned) values (?, ?, ?)"
                    .formatted(schemas.host()))) {
      for (Input.Line line : input.lines()) {
        insert.setLong(1, line.message().number());
        insert.setString(2, line.conversation());
        insert.setBoolean(3, poisoned.contains(line.message().number()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * Prints the first of all that is wrong.
   *
   * @param fakeLlm whether the texts are to be checked too
   * @return whether nothing is
   */
  public boolean print(boolean fakeLlm) throws SQLException {
    List<Problem> problems = new ArrayList<>(problems());
    if (fakeLlm) {
      problems.addAll(wrongTexts());
    }
    problems.stream().limit(PRINTED).forEach(problem -> System.out.printf("WRONG %s%n", problem));
    System.out.printf(
        "Checked in SQL against the input: %s%n",
        problems.isEmpty()
            ? "each healthy message is in one summary, each poisoned one is a dead letter."
            : problems.size() + " problems.");
    return problems.isEmpty();
  }

  /** What is not as it must be; empty when all is well. */
  public List<Problem> problems() throws SQLException {
    return answersOf("verify.sql");
  }

  /** Which summaries are not those that the fake LLM gives for their messages. */
  public List<Problem> wrongTexts() throws SQLException {
    return answersOf("verify-texts.sql");
  }

  private List<Problem> answersOf(String file) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "set local search_path = %s, %s".formatted(schemas.host(), schemas.queue()));
        try (ResultSet rows = statement.executeQuery(Sql.file(file))) {
          List<Problem> problems = new ArrayList<>();
          while (rows.next()) {
            problems.add(new Problem(rows.getString("conversation"), rows.getString("problem")));
          }
          return problems;
        }
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  /** Something that is not as it must be. */
  public record Problem(String conversation, String what) {

    @Override
    public String toString() {
      return conversation + ": " + what;
    }
  }
}
