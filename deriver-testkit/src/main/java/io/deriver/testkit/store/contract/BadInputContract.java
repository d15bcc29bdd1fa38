package io.deriver.testkit.store.contract;

import static io.deriver.testkit.store.contract.Bench.MAIL;
import static io.deriver.testkit.store.contract.Bench.MAILS;
import static io.deriver.testkit.store.contract.Bench.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Codec;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.spi.Claim;
import io.deriver.spi.ClaimEnd;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import io.deriver.spi.NodeStore;
import io.deriver.spi.OutcomeWrite;
import io.deriver.spi.WriteAnswer;
import io.deriver.testkit.store.ErrorEntry;
import io.deriver.testkit.store.StoreCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Texts and calls that a store must either take as they are or refuse as a whole. */
public interface BadInputContract extends StoreContract {

  @Test
  @DisplayName(
      "errors with NUL bytes, unpaired surrogates or megabytes are written, cleaned and cut")
  default void unfitErrorTexts() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key", 2);
      for (String error : List.of("a\0b", "half a pair \ud83d", "x".repeat(5_000_000), "")) {
        Claim claim = bench.claim(node, Terms.of(MAIL).items(1));
        bench.end(node, claim, new ClaimEnd.Retried(Duration.ZERO, Cause.FAILURE, error));
      }

      List<ErrorEntry> errors = bench.harness().errors(MAIL, "key");

      assertThat(errors).hasSize(4);
      assertThat(errors.get(0).error()).startsWith("a").endsWith("b").doesNotContain("\0");
      assertThat(errors.get(2).error()).startsWith("xxx").hasSizeLessThan(100_000);
    }
  }

  @Test
  @DisplayName("unfit texts of dead letters are cleaned too, and take no other write down")
  default void unfitTextsOfDeadLetters() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueueKeys("key", 3);
      List<Claim> claims = bench.claims(node, Terms.of(MAIL).keys(3));

      List<WriteAnswer> answers =
          node.write(
              List.of(
                  new OutcomeWrite(
                      claims.get(0).id(), new ClaimEnd.DeadLettered(Cause.FAILURE, "a\0b")),
                  new OutcomeWrite(claims.get(1).id(), new ClaimEnd.Completed()),
                  new OutcomeWrite(
                      claims.get(2).id(),
                      new ClaimEnd.Split(
                          Set.of(), Map.of(ids(claims.get(2)).get(0), "\0".repeat(2_000_000))))));

      assertThat(answers)
          .containsExactly(WriteAnswer.WRITTEN, WriteAnswer.DRAINED, WriteAnswer.WRITTEN);
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 2));
      assertThat(bench.harness().deadLetters())
          .allSatisfy(letter -> assertThat(letter.errors().get(0).error()).doesNotContain("\0"));
    }
  }

  @Test
  @DisplayName("keys and types of any letters come back as they went in")
  default void keysOfAnyLetters() {
    try (Bench bench = bench()) {
      List<String> names =
          List.of(
              "o'brien; drop table item --",
              "100%_\\",
              "{\"a\":[1,2]}",
              "$1 ? :name @x #{y}",
              " leading and trailing ",
              "Straße Ångström",
              "\ud83d\ude00\ud83c\udff3",
              "\uff5e after the surrogates in UTF-16, before them in UTF-8");
      for (String name : names) {
        ItemType<String> type = ItemType.of(name, String.class);
        NodeStore node = bench.node(name);
        bench.enqueue(Item.of(type, name, "x"));
        bench.enqueue(Item.of(type, name, "y"));

        Claim claim = bench.claim(node, Terms.of(name).items(1));
        assertThat(claim.id().type()).isEqualTo(name);
        assertThat(claim.id().key()).isEqualTo(name);
        bench.complete(node, claim);
        assertThat(bench.harness().pending(name, name)).as(name).hasSize(1);
      }
    }
  }

  @Test
  @DisplayName("keys that differ only in case, accents or trailing spaces are different keys")
  default void keysAreNotFolded() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      List<String> keys = List.of("key", "KEY", "kéy", "ke\u0301y", "key ", " key");
      keys.forEach(bench::enqueue);

      assertThat(bench.claims(node, Terms.of(MAIL).keys(10)))
          .extracting(claim -> claim.id().key())
          .containsExactlyInAnyOrderElementsOf(keys);
    }
  }

  @Test
  @DisplayName(
      "a key of the greatest length, of letters of four bytes each, is worked like any other")
  default void theLongestKey() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      String key = "\ud83d\ude00".repeat(250);
      bench.enqueue(key);

      Claim claim = bench.claim(node);
      assertThat(claim.id().key()).isEqualTo(key);
      bench.complete(node, claim);
      assertThat(bench.pending(key)).isEmpty();
    }
  }

  @Test
  @DisplayName("payloads with NUL, quotes, backslashes and letters beyond the BMP survive")
  default void payloadsOfAnyLetters() throws Exception {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      Codec<String> codec = bench.harness().store().codecs().codecFor(String.class);
      for (String payload :
          List.of("a\0b", "\\u0000 \\ \" ' \r\n\t", "\ud83d\ude00", "", "null", "\u2028")) {
        bench.enqueue("key", payload);
        Claim claim = bench.claim(node);
        assertThat(codec.decode(claim.items().get(0).payload())).isEqualTo(payload);
        bench.complete(node, claim);
      }
    }
  }

  @Test
  @DisplayName("one item that cannot be written keeps out all items of its call, and no others")
  default void enqueueIsAllOrNothing() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      ItemType<String> unwritable =
          MAILS.withCodec(
              new Codec<>() {
                @Override
                public String encode(String payload) {
                  throw new IllegalStateException("cannot be written");
                }

                @Override
                public String decode(String json) {
                  return json;
                }
              });
      List<Item<String>> items =
          List.of(Item.of(MAILS, "key", "good"), Item.of(unwritable, "key", "bad"));

      assertThatThrownBy(() -> bench.harness().enqueueAll(items))
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining(MAIL);

      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
      long id = bench.enqueue("key");
      assertThat(ids(bench.claim(node))).containsExactly(id);
    }
  }

  @Test
  @DisplayName("a payload far above any sane cap is refused, naming its size, and nothing is kept")
  default void payloadsAreCapped() {
    try (Bench bench = bench()) {
      Item<String> huge = Item.of(MAILS, "key", "x".repeat(80 << 20));

      assertThatThrownBy(() -> bench.enqueue(huge))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bytes");
      assertThat(bench.harness().counts()).isEqualTo(new StoreCounts(0, 0, 0, 0));
    }
  }

  @Test
  @DisplayName("ends of claims that never were are refused, whatever they name")
  default void claimsThatNeverWere() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      bench.enqueue("key");
      Claim claim = bench.claim(node);
      for (ClaimId id :
          List.of(
              new ClaimId("no such type", "key", 1, node.nodeId()),
              new ClaimId(MAIL, "no such key", Long.MAX_VALUE, node.nodeId()),
              new ClaimId(MAIL, "key", -1, node.nodeId()),
              new ClaimId(MAIL, "key", 0, node.nodeId()),
              new ClaimId(MAIL, "key", claim.id().fence(), "no such node"))) {
        assertThat(bench.write(node, id, new ClaimEnd.Completed()))
            .as("%s", id)
            .isEqualTo(WriteAnswer.REFUSED);
      }
      bench.complete(node, claim);
    }
  }

  @Test
  @DisplayName("the longest delay that an item may have is taken, and waited for")
  default void theLongestDelay() {
    try (Bench bench = bench()) {
      NodeStore node = bench.node();
      Duration longest = Duration.ofDays(366);
      long id = bench.enqueue(Item.of(MAILS, "key", "x").delay(longest));

      bench.claimsNothing(node);
      bench.age(longest.plusDays(1));
      node.renew();
      assertThat(ids(bench.claim(node))).containsExactly(id);
    }
  }
}
