package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deriver.Cut;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.ReapReport.Reaped;
import io.deriver.spi.WriteAnswer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards that one key which the store cannot deal with takes no other key down with it. */
class BrokenRowsTest {

  private static final Db DB = Db.installed("broken_rows");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);

  private final PostgresQueue queue = DB.queue();
  private final NodeStore node;

  BrokenRowsTest() {
    DB.empty();
    node =
        queue
            .store()
            .join(
                new NodeSpec(
                    "broken", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(5)));
  }

  @AfterEach
  void close() {
    node.close();
  }

  private List<Claim> claim(int keys) {
    TypeTerms terms = new TypeTerms("mail", Duration.ofMinutes(1), 1, 1_000, 1);
    return node.claim(new ClaimRequest(List.of(terms), keys, keys, keys)).claims();
  }

  private List<Claim> claimed(String... keys) {
    for (String key : keys) {
      queue.enqueue(Item.of(MAIL, key, "x"));
    }
    List<Claim> claims = new ArrayList<>(claim(keys.length));
    claims.sort(Comparator.comparing(claim -> claim.id().key()));
    assertThat(claims).hasSize(keys.length);
    return claims;
  }

  @Test
  @DisplayName("a claim that cannot be taken back does not keep the reaper from the others")
  void reaping() {
    long first = queue.enqueue(Item.of(MAIL, "broken", "x")).id();
    queue.enqueue(Item.of(MAIL, "sound", "x"));
    assertThat(claim(2)).hasSize(2);
    DB.execute(
        "INSERT INTO deriver.dead_letter SELECT id, type, key, payload, bytes, weight, variant, priority, enqueued_at, 1, '{}', '[]'"
            + " FROM deriver.item WHERE id = "
            + first);
    DB.age(Duration.ofMinutes(2));

    assertThat(node.reap().reaped())
        .extracting(Reaped::claim)
        .extracting("key")
        .containsExactly("sound");
    assertThat(node.reap().reaped()).isEmpty();

    DB.execute("DELETE FROM deriver.dead_letter WHERE id = " + first);
    assertThat(node.reap().reaped())
        .extracting(Reaped::claim)
        .extracting("key")
        .containsExactly("broken");
  }

  private static OutcomeWrite completed(Claim claim) {
    return new OutcomeWrite(claim.id(), new ClaimEnd.Completed());
  }

  @Test
  @DisplayName("an outcome that cannot be written fails alone, and is written when it can be")
  void writing() {
    List<Claim> claims = claimed("a", "b", "c", "d");
    DB.execute(
        """
        INSERT INTO deriver.dead_letter SELECT id, type, key, payload, bytes, weight, variant, priority, enqueued_at, 1, '{}', '[]'
          FROM deriver.item WHERE key = 'b'
        """);
    List<OutcomeWrite> batch =
        List.of(
            completed(claims.get(0)),
            new OutcomeWrite(
                claims.get(1).id(), new ClaimEnd.DeadLettered(ClaimEnd.Cause.FAILURE, "told so")),
            completed(claims.get(2)),
            new OutcomeWrite(
                claims.get(3).id(),
                new ClaimEnd.Retried(
                    Duration.ofHours(1), ClaimEnd.Cause.FAILURE, "NUL \0 and half \ud83d a pair")));

    assertThat(node.write(batch))
        .containsExactly(
            WriteAnswer.DRAINED, WriteAnswer.UNDECIDED, WriteAnswer.DRAINED, WriteAnswer.WRITTEN);
    assertThat(DB.column("SELECT key FROM deriver.item ORDER BY 1")).containsExactly("b", "d");

    DB.execute("DELETE FROM deriver.dead_letter");
    assertThat(node.write(List.of(batch.get(1)))).containsExactly(WriteAnswer.WRITTEN);
  }

  @Test
  @DisplayName("a completion that cannot be written fails alone, though all are written as one")
  void completing() {
    List<Claim> claims = claimed("a", "b", "c");
    DB.execute(
        """
        CREATE FUNCTION deriver.no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not this one''; END';
        CREATE TRIGGER no BEFORE DELETE ON deriver.item FOR EACH ROW WHEN (old.key = 'b')
          EXECUTE FUNCTION deriver.no()
        """);
    try {
      assertThat(node.write(claims.stream().map(BrokenRowsTest::completed).toList()))
          .containsExactly(WriteAnswer.DRAINED, WriteAnswer.UNDECIDED, WriteAnswer.DRAINED);
    } finally {
      DB.execute("DROP FUNCTION deriver.no CASCADE");
    }
    assertThat(node.write(List.of(completed(claims.get(1))))).containsExactly(WriteAnswer.DRAINED);
    assertThat(queue.counts().pendingItems()).isZero();
  }

  @Test
  @DisplayName("a key without items that cannot be repaired does not cost the other claims")
  void repairing() {
    long gone = queue.enqueue(Item.of(MAIL, "hollow", "x")).id();
    queue.enqueue(Item.of(MAIL, "sound", "x"));
    claim(0);
    DB.execute("DELETE FROM deriver.item WHERE id = " + gone);
    DB.execute("ALTER FUNCTION deriver.settle_v1 RENAME TO away");
    List<Claim> claims = claim(2);
    DB.execute("ALTER FUNCTION deriver.away RENAME TO settle_v1");
    assertThat(claims).extracting(claim -> claim.id().key()).containsExactly("sound");

    Set<Long> strays = new HashSet<>(node.renew().held());
    strays.remove(claims.get(0).id().fence());
    assertThat(node.giveBack(strays)).hasSize(1);
    assertThat(claim(2)).isEmpty();
    assertThat(node.write(List.of(new OutcomeWrite(claims.get(0).id(), new ClaimEnd.Completed()))))
        .containsExactly(WriteAnswer.DRAINED);
    assertThat(queue.counts().pendingKeys()).isZero();
  }

  @Test
  @DisplayName("an item that is gone behind one that is too large costs no claim its answer")
  void goneBehindTooLarge() {
    queue.enqueue(Item.of(MAIL, "large", "y".repeat(2_000)));
    long gone = queue.enqueue(Item.of(MAIL, "large", "x")).id();
    queue.enqueue(Item.of(MAIL, "sound", "x"));
    claim(0);
    DB.execute("DELETE FROM deriver.item WHERE id = " + gone);

    TypeTerms terms = new TypeTerms("mail", Duration.ofMinutes(1), 10, 1_000, 1);
    List<Claim> claims = node.claim(new ClaimRequest(List.of(terms), 2, 2, 2)).claims();
    assertThat(claims)
        .extracting(claim -> claim.id().key(), Claim::cut)
        .containsExactlyInAnyOrder(tuple("large", Cut.MAX_BYTES), tuple("sound", Cut.NOTHING));
  }

  @Test
  @DisplayName("a key that somebody holds locked costs a batch one wait, and no other its answer")
  void locked() throws SQLException {
    List<Claim> claims = claimed("a", "b", "c");
    NodeSpec hasty =
        new NodeSpec("hasty", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(1));
    try (NodeStore other = queue.store().join(hasty);
        Connection holder = DB.dataSource().getConnection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute(DB.sql("SELECT FROM deriver.head WHERE key = 'b' FOR UPDATE"));
      assertThat(other.write(claims.stream().map(BrokenRowsTest::completed).toList()))
          .containsExactly(WriteAnswer.DRAINED, WriteAnswer.UNDECIDED, WriteAnswer.DRAINED);
    }
    assertThat(node.write(List.of(completed(claims.get(1))))).containsExactly(WriteAnswer.DRAINED);
  }
}
