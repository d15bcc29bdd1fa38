package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards that many items of one enqueue are noted in rows that a router takes in little time, and
 * that the server stores without compressing them; those of dead letters see DeadLettersTest.
 */
class InboxRowsTest {

  private static final Db DB = Db.installed("inbox_rows");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);
  private static final int MANY = 450;

  private final PostgresQueue queue = DB.queue();

  @BeforeEach
  void empty() {
    DB.empty();
  }

  private void enqueued(IntFunction<Item<String>> item) {
    var unused = queue.enqueueAll(IntStream.range(0, MANY).mapToObj(item).toList());
    assertThat(DB.column("SELECT cardinality(ids) FROM deriver.inbox ORDER BY id"))
        .containsExactly("200", "200", "50");
    assertThat(
            DB.number(
                "SELECT count(*) FROM deriver.inbox b, unnest(b.ids) WITH ORDINALITY u(id, n) JOIN"
                    + " deriver.item i ON i.id = u.id AND i.key = 'k' || (i.id - (SELECT min(id) FROM"
                    + " deriver.item))"))
        .isEqualTo(MANY);
    assertThat(
            DB.number(
                "SELECT max(pg_column_size(ids)) - max(cardinality(ids)) * 8 FROM deriver.inbox"))
        .as("the bytes of a row beside its ids: a head of the array, nothing saved")
        .isPositive();
  }

  @Test
  @DisplayName("items without a dedupe key")
  void plain() {
    enqueued(n -> Item.of(MAIL, "k" + n, "x"));
  }

  @Test
  @DisplayName("items with one")
  void deduped() {
    enqueued(n -> Item.of(MAIL, "k" + n, "x").dedupe("d" + n, Dedupe.KEEP_FIRST));
  }
}
