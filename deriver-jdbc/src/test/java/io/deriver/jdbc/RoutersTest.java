package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Guards that who routes waits for nobody: two who route two types would wait for one another. */
class RoutersTest {

  private static final Db DB = Db.installed("routers");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final ItemType<String> CHAT = ItemType.of("chat", String.class);
  private static final NodeSpec SPEC =
      new NodeSpec(
          "routers", List.of("mail", "chat"), Duration.ofMinutes(1), Duration.ofSeconds(5));

  @BeforeEach
  void empty() {
    DB.empty();
  }

  /** As a router leaves it that has got further in the inbox, until it has committed. */
  @Test
  void aTypeThatAnotherRoutesHoldsUpNoOther() throws SQLException {
    PostgresQueue queue = DB.queue();
    try (NodeStore node = queue.store().join(SPEC);
        Connection routing = Db.hand();
        Statement statement = routing.createStatement()) {
      queue.enqueue(Item.of(MAIL, "letter", "x"));
      queue.enqueue(Item.of(CHAT, "talk", "x"));
      routing.setAutoCommit(false);
      statement.execute(DB.sql("UPDATE deriver.type SET mark_id = 1 WHERE name = 'mail'"));

      assertThat(node.claim(request()).claims())
          .extracting(claim -> claim.id().key())
          .containsExactly("talk");
      routing.rollback();
      routing.setAutoCommit(true);
      assertThat(node.claim(request()).claims())
          .extracting(claim -> claim.id().key())
          .containsExactly("letter");
    }
  }

  private static ClaimRequest request() {
    return new ClaimRequest(List.of(terms("mail"), terms("chat")), 8, 1, 1);
  }

  private static TypeTerms terms(String type) {
    return new TypeTerms(type, Duration.ofMinutes(5), 1, 1_000, 3);
  }
}
