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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards the mark below which routers read the inbox no more: it comes on, and nothing that is
 * committed late is left below it.
 */
class InboxMarkTest {

  private static final Db DB = Db.installed("inbox_mark");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final ItemType<String> CHAT = ItemType.of("chat", String.class);
  private static final NodeSpec SPEC =
      new NodeSpec("marks", List.of("mail", "chat"), Duration.ofMinutes(1), Duration.ofSeconds(5));

  private final PostgresQueue queue = DB.queue();

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private static List<String> claimed(NodeStore node, String... types) {
    List<TypeTerms> terms =
        Stream.of(types)
            .map(type -> new TypeTerms(type, Duration.ofMinutes(5), 1, 1_000, 3))
            .toList();
    return node.claim(new ClaimRequest(terms, 50, 1, 1)).claims().stream()
        .map(claim -> claim.id().key())
        .toList();
  }

  private static void route(Connection connection, String type) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(DB.sql("SELECT deriver.route_v1('%s')".formatted(type)));
    }
  }

  private static Connection begun() throws SQLException {
    Connection connection = DB.dataSource().getConnection();
    connection.setAutoCommit(false);
    return connection;
  }

  @Test
  @DisplayName("one who routes a second type may be older than an enqueue that is not committed")
  void asOldAsItsFirstType() throws SQLException {
    List<String> claimed = new ArrayList<>();
    try (NodeStore node = queue.store().join(SPEC);
        Connection host = begun();
        Connection old = begun()) {
      queue.enqueue(Item.of(CHAT, "first", "x"));
      route(old, "chat");
      queue.enqueue(host, Item.of(MAIL, "late", "x"));
      queue.enqueue(Item.of(MAIL, "a", "x"));
      claimed.addAll(claimed(node, "mail"));
      queue.enqueue(Item.of(MAIL, "b", "x"));
      route(old, "mail");
      old.commit();
      queue.enqueue(Item.of(MAIL, "c", "x"));
      claimed.addAll(claimed(node, "mail"));
      host.commit();
      for (int more = 0; more < 5; more++) {
        queue.enqueue(Item.of(MAIL, "more " + more, "x"));
        claimed.addAll(claimed(node, "mail"));
      }
    }
    assertThat(claimed).contains("late", "a", "b", "c", "more 4");
  }

  @Test
  @DisplayName("it comes on for each of several types, since each is the first one now and then")
  void comesOn() {
    try (NodeStore node = queue.store().join(SPEC)) {
      for (int turn = 0; turn < 6; turn++) {
        queue.enqueue(Item.of(MAIL, "mail " + turn, "x"));
        queue.enqueue(Item.of(CHAT, "chat " + turn, "x"));
        var unused = turn % 2 == 0 ? claimed(node, "mail", "chat") : claimed(node, "chat", "mail");
      }
    }
    assertThat(DB.number("SELECT count(*) FROM deriver.type WHERE inbox_from > 0")).isEqualTo(2);
  }
}
