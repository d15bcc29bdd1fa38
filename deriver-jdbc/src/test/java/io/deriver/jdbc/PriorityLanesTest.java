package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Dedupe;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Priority;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd.Released;
import io.deriver.spi.ClaimRequest;
import io.deriver.spi.ClaimRequest.TypeTerms;
import io.deriver.spi.NodeSpec;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards that a key which comes to another priority with its old age is seen there at once, and so
 * is one that is seen late, though a node reads each lane from where it claimed last.
 */
class PriorityLanesTest {

  private static final Db DB = Db.installed("priority_lanes");
  private static final ItemType<String> MAIL = ItemType.of("mail", String.class);

  private final PostgresQueue queue = DB.queue();
  private final NodeStore node;

  /** It looks for work first, so that the other's first second begins with what matters. */
  private final NodeStore scout;

  PriorityLanesTest() {
    DB.empty();
    node = join();
    scout = join();
  }

  private NodeStore join() {
    return queue
        .store()
        .join(
            new NodeSpec("lanes", List.of("mail"), Duration.ofMinutes(10), Duration.ofSeconds(5)));
  }

  @AfterEach
  void close() {
    node.close();
    scout.close();
  }

  private List<String> claim(int keys) {
    return claim(node, keys);
  }

  private static List<String> claim(NodeStore node, int keys) {
    TypeTerms terms = new TypeTerms("mail", Duration.ofMinutes(1), 1, 1_000, 1);
    return node.claim(new ClaimRequest(List.of(terms), keys, keys, keys)).claims().stream()
        .map(claim -> claim.id().key())
        .toList();
  }

  private void enqueue(String key, Priority priority) {
    queue.enqueue(Item.of(MAIL, key, "x").priority(priority));
  }

  private void enqueueOld(Item<String> item) {
    queue.enqueue(item);
    claim(scout, 0);
    DB.execute("UPDATE deriver.head SET available_at = available_at - interval '1 minute'");
  }

  @Test
  @DisplayName(
      "a key whose stamp is older than what was claimed before it could be seen is no reason to rest")
  void aKeyThatIsSeenLate() {
    enqueue("first", Priority.NORMAL);
    assertThat(claim(1)).containsExactly("first");
    enqueueOld(Item.of(MAIL, "late", "x"));
    assertThat(claim(1)).containsExactly("late");
  }

  @Test
  @DisplayName("an old key that becomes urgent is claimed before all that are not")
  void anOldKeyBecomesUrgent() {
    enqueueOld(Item.of(MAIL, "old", "x").priority(Priority.LOW));
    enqueue("urgent", Priority.URGENT);
    enqueue("normal", Priority.NORMAL);
    assertThat(claim(1)).containsExactly("urgent");
    enqueue("old", Priority.URGENT);

    assertThat(claim(1)).containsExactly("old");
  }

  @Test
  @DisplayName("a long one, too")
  void aLongKeyBecomesUrgent() {
    enqueueOld(Item.of(MAIL, "old", "x").priority(Priority.LOW));
    for (int i = 0; i < 100; i++) {
      enqueue("old", Priority.LOW);
    }
    enqueue("urgent", Priority.URGENT);
    enqueue("normal", Priority.NORMAL);
    assertThat(claim(1)).containsExactly("urgent");
    enqueue("old", Priority.URGENT);

    assertThat(claim(1)).containsExactly("old");
  }

  @Test
  @DisplayName("an old key whose urgent item is dropped is claimed in its turn")
  void anOldKeyIsUrgentNoLonger() {
    enqueue("old", Priority.NORMAL);
    enqueueOld(Item.of(MAIL, "old", "x").priority(Priority.URGENT).dedupe("d", Dedupe.KEEP_FIRST));
    DB.execute("UPDATE deriver.head SET available_at = clock_timestamp() + interval '1 hour'");
    enqueue("normal", Priority.NORMAL);
    assertThat(claim(1)).containsExactly("normal");
    DB.execute(
        "UPDATE deriver.head SET available_at = clock_timestamp() - interval '1 minute'"
            + " WHERE key = 'old'");
    queue.enqueue(Item.of(MAIL, "other", "x").dedupe("d", Dedupe.PUSH_BACK));

    assertThat(claim(2)).containsExactlyInAnyOrder("old", "other");
  }

  @Test
  @DisplayName("a claimed key is as urgent as what it keeps when what waits behind it is cancelled")
  void whatIsCancelledIsUrgentNoLonger() {
    enqueue("key", Priority.LOW);
    TypeTerms terms = new TypeTerms("mail", Duration.ofMinutes(1), 1, 1_000, 1);
    Claim held = node.claim(new ClaimRequest(List.of(terms), 1, 1, 1)).claims().get(0);
    enqueue("key", Priority.URGENT);
    assertThat(claim(scout, 1)).as("routed, and nothing else").isEmpty();
    assertThat(queue.operations().cancelPending(MAIL, "key")).isEqualTo(1);
    assertThat(node.write(List.of(new OutcomeWrite(held.id(), new Released(Duration.ZERO)))))
        .containsExactly(WriteAnswer.WRITTEN);
    enqueue("normal", Priority.NORMAL);

    assertThat(claim(1)).containsExactly("normal");
  }
}
