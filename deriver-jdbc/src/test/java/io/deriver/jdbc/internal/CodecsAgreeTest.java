package io.deriver.jdbc.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deriver.Codec;
import io.deriver.Codecs;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Guards that the store in memory takes and reads the payloads that Postgres' queue does. */
class CodecsAgreeTest {

  record Mail(String to, int size) {}

  static List<Codecs> codecs() {
    return List.of(new JacksonCodecs(), new InMemoryWorkStore().codecs());
  }

  @ParameterizedTest
  @MethodSource("codecs")
  @DisplayName("a field that the class does not know is ignored, as one of the next version is")
  void ignoresFieldsOfTheNextVersion(Codecs codecs) throws Exception {
    Codec<Mail> mails = codecs.codecFor(Mail.class);

    assertThat(mails.decode("{\"to\":\"a\",\"size\":1,\"sent\":true}")).isEqualTo(new Mail("a", 1));
    assertThat(mails.encode(new Mail("a", 1))).isEqualTo("{\"to\":\"a\",\"size\":1}");
  }

  @ParameterizedTest
  @MethodSource("codecs")
  @DisplayName("null is no payload, nor is what has something behind it")
  void refusesWhatIsNoPayload(Codecs codecs) {
    for (String json : List.of("null", "{} {}")) {
      assertThatThrownBy(() -> codecs.codecFor(Mail.class).decode(json))
          .as(json)
          .isInstanceOf(IOException.class);
    }
  }
}
