package io.deriver.jdbc.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deriver.internal.Texts;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimId;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes ends of claims, in batches, each with its own answer. */
final class SettleCall {

  private static final Logger LOG = LoggerFactory.getLogger(SettleCall.class);

  private static final String SQL = "SELECT * FROM deriver.settle_v1(?, ?, ?, ?, ?, ?, ?, ?, ?)";
  private static final int BATCH = 500;
  private static final int MAX_ERROR = 16_000;

  private final Tx tx;
  private final String sql;

  SettleCall(SchemaName schema, Tx tx) {
    this.tx = tx;
    sql = schema.sql(SQL);
  }

  List<WriteAnswer> settle(Connection connection, List<OutcomeWrite> writes) throws SQLException {
    List<WriteAnswer> answers = new ArrayList<>(writes.size());
    for (int at = 0; at < writes.size(); ) {
      List<OutcomeWrite> some = writes.subList(at, endOfBatch(writes, at));
      answers.addAll(
          tx.query(connection, sql, statement -> bind(statement, some), rows -> read(rows, some)));
      at += some.size();
    }
    return answers;
  }

  // A claim ends once: a second end of it is asked for when the first has been answered.
  private static int endOfBatch(List<OutcomeWrite> writes, int begin) {
    Set<ClaimId> claims = new HashSet<>();
    int end = begin;
    while (end < writes.size() && end - begin < BATCH && claims.add(writes.get(end).claim())) {
      end++;
    }
    return end;
  }

  private static void bind(PreparedStatement statement, List<OutcomeWrite> writes)
      throws SQLException {
    Connection connection = statement.getConnection();
    List<Row> rows = writes.stream().map(write -> row(write.end())).toList();
    statement.setArray(1, SqlArrays.texts(connection, writes, write -> write.claim().type()));
    statement.setArray(2, SqlArrays.texts(connection, writes, write -> write.claim().key()));
    statement.setArray(3, SqlArrays.longs(connection, writes, write -> write.claim().fence()));
    statement.setArray(4, SqlArrays.texts(connection, writes, write -> write.claim().node()));
    statement.setArray(5, SqlArrays.texts(connection, rows, Row::kind));
    statement.setArray(6, SqlArrays.longs(connection, rows, Row::delayMillis));
    statement.setArray(7, SqlArrays.texts(connection, rows, Row::cause));
    statement.setArray(8, SqlArrays.texts(connection, rows, Row::error));
    statement.setArray(9, SqlArrays.texts(connection, rows, Row::split));
  }

  private static List<WriteAnswer> read(ResultSet rows, List<OutcomeWrite> writes)
      throws SQLException {
    WriteAnswer[] answers = new WriteAnswer[writes.size()];
    Arrays.fill(answers, WriteAnswer.UNDECIDED);
    while (rows.next()) {
      int n = rows.getInt("o_n") - 1;
      String error = rows.getString("o_error");
      if (error != null) {
        LOG.warn(
            "The end of {} could not be written: {}; it stays unwritten until it can be, or until"
                + " the guard of the claim has passed",
            writes.get(n).claim(),
            error);
      } else {
        answers[n] = answer(rows.getString("o_answer"));
      }
    }
    return List.of(answers);
  }

  static WriteAnswer answer(String text) {
    return WriteAnswer.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static Row row(ClaimEnd end) {
    if (end instanceof ClaimEnd.Retried retried) {
      return new Row(
          "retried", millis(retried.delay()), cause(retried.cause()), clean(retried.error()), null);
    } else if (end instanceof ClaimEnd.Released released) {
      ClaimEnd.Failure failure = released.failure();
      return failure == null
          ? new Row("released", millis(released.delay()), null, null, null)
          : new Row(
              "released",
              millis(released.delay()),
              cause(failure.cause()),
              clean(failure.error()),
              null);
    } else if (end instanceof ClaimEnd.DeadLettered dead) {
      return new Row("dead", 0, cause(dead.cause()), clean(dead.error()), null);
    } else if (end instanceof ClaimEnd.Split split) {
      ClaimEnd.Rest rest = split.rest();
      return rest == null
          ? new Row("split", 0, null, null, json(split))
          : new Row(
              "split",
              millis(rest.delay()),
              cause(ClaimEnd.Cause.FAILURE),
              clean(rest.error()),
              json(split));
    }
    return new Row("completed", 0, discards(end) ? "discarded" : null, null, null);
  }

  private static boolean discards(ClaimEnd end) {
    return end instanceof ClaimEnd.Completed completed && completed.discarded();
  }

  private static long millis(Duration delay) {
    return Math.max(0, delay.toMillis());
  }

  private static String cause(ClaimEnd.Cause cause) {
    return cause.name().toLowerCase(Locale.ROOT);
  }

  private static String clean(String error) {
    return Texts.clean(error, MAX_ERROR);
  }

  private static String json(ClaimEnd.Split split) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode done = node.putArray("done");
    split.done().forEach(done::add);
    ObjectNode dead = node.putObject("dead");
    split.dead().forEach((id, error) -> dead.put(String.valueOf(id), clean(error)));
    ClaimEnd.Rest rest = split.rest();
    node.put("goesOn", rest != null && rest.goesOn());
    return node.toString();
  }

  private record Row(
      String kind,
      long delayMillis,
      @Nullable String cause,
      @Nullable String error,
      @Nullable String split) {}
}
