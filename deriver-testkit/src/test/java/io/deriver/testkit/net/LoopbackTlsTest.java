package io.deriver.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the key of all tests in a JVM does not depend on who comes first, and is trusted. */
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
  void trustsItsOwnCertificateAndNoOther() throws Exception {
    X509TrustManager trust = LoopbackTls.shared().trustManager();
    GeneratedKey another = GeneratedKey.make(BIN.resolve("keytool"));
    X509Certificate[] own = {LoopbackTls.shared().certificate()};
    X509Certificate[] stranger = {
      (X509Certificate) another.store().getCertificate(GeneratedKey.ALIAS)
    };

    assertThatCode(() -> trust.checkServerTrusted(own, "UNKNOWN")).doesNotThrowAnyException();
    assertThatThrownBy(() -> trust.checkServerTrusted(stranger, "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
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
