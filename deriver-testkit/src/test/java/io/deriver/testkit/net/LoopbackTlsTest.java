package io.deriver.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the key of all tests in a JVM does not depend on the thread that comes first. */
@Timeout(120)
class LoopbackTlsTest {

  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  @Test
  void anInterruptedThreadMakesItToo() throws Exception {
    Thread.currentThread().interrupt();

    GeneratedKey made = GeneratedKey.make(BIN.resolve("keytool"));

    assertThat(Thread.interrupted()).as("is still told").isTrue();
    assertThat(made.store().containsAlias(GeneratedKey.ALIAS)).isTrue();
  }

  @Test
  void withoutKeytoolEachCallerIsToldWhy() {
    LoopbackTls.Shared none = LoopbackTls.Shared.make(BIN.resolve("no-such-keytool"));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(none::get)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no-such-keytool");
    }
  }
}
