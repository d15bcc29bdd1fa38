package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Codec;
import io.deriver.Item;
import io.deriver.ItemType;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Guards that a payload is measured in the bytes that Postgres stores. */
class EncoderTest {

  /** Written as it is, between quotes: Jackson might escape some of it. */
  private static final ItemType<String> TEXT =
      ItemType.of("text", String.class)
          .withCodec(
              new Codec<>() {
                @Override
                public String encode(String payload) {
                  return '"' + payload + '"';
                }

                @Override
                public String decode(String payload) {
                  throw new UnsupportedOperationException();
                }
              });

  /** Of one to four bytes in UTF-8, the borders among them. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "a",
            "\u007f",
            "\u0080",
            "\u00e9",
            "\u07ff",
            "\u0800",
            "\u20ac",
            "\uffff",
            "\ud83d\ude00")
        .list()
        .ofMinSize(1)
        .ofMaxSize(20)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 300)
  void theCapIsOfBytes(@ForAll("texts") String text) {
    int bytes = ('"' + text + '"').getBytes(StandardCharsets.UTF_8).length;
    assertThatCode(() -> encode(text, bytes)).doesNotThrowAnyException();
    assertThatThrownBy(() -> encode(text, bytes - 1))
        .hasMessageContaining("has " + bytes + " bytes; maxPayloadBytes is " + (bytes - 1));
  }

  @Example
  void halfAPairIsRefused() {
    for (String text :
        new String[] {"\ud83d", "\ude00", "\ude00\ud83d", "a\ud83db", "\ud83d\ud83d"}) {
      assertThatThrownBy(() -> encode(text, 100))
          .hasMessageContaining("key 'key' has an unpaired surrogate, which UTF-8 cannot carry");
    }
  }

  private static void encode(String text, int maxPayloadBytes) {
    new Encoder(new JacksonCodecs(), maxPayloadBytes).encode(Item.of(TEXT, "key", text));
  }
}
