package io.deriver.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guards which names may stand: what is good is handed on as it is. */
class NamesTest {

  @Test
  void aGoodNameIsHandedOn() {
    assertThat(Names.requireType("type")).isEqualTo("type");
    assertThat(Names.requireKey("key")).isEqualTo("key");
    assertThat(Names.requireDedupeKey("dedupe")).isEqualTo("dedupe");
    assertThat(Names.requirePool("pool")).isEqualTo("pool");
    assertThat(Names.requireVariant("variant")).isEqualTo("variant");
    assertThat(Names.requireVariant("")).isEmpty();
  }

  @Test
  void aNameMayBeAsLongAsItMayBeAndNoLonger() {
    String longest = "k".repeat(Names.MAX_KEY_LENGTH);
    assertThat(Names.requireKey(longest)).isEqualTo(longest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.requireKey(longest + "k"))
        .withMessageContaining("has 501 characters; at most 500 are allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\ud83d\ude00", "a\ud83d\ude00", "\ud83d\ude00b", "\ud83d\ude00\ud83d\ude00"})
  void pairsOfSurrogatesMayStand(String pairs) {
    assertThat(Names.requireKey(pairs)).isEqualTo(pairs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\ud83d", "a\ud83d", "ab\ud83d", "\ud83da", "\ude00", "a\ude00", "ab\ude00c"})
  void halfAPairMayNot(String half) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Names.requireKey(half))
        .withMessageContaining("unpaired surrogates are not allowed");
  }
}
