package io.deriver.testkit.net;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS between a test and its own servers on the loopback interface, with a certificate for {@code
 * 127.0.0.1} and {@code localhost} that no authority has signed and no other JVM knows.
 *
 * <pre>{@code
 * HttpClient client = HttpClient.newBuilder().sslContext(LoopbackTls.shared().clientContext()).build();
 * }</pre>
 *
 * <p>What holds: {@link #clientContext()} and {@link #trustManager()} trust this certificate and no
 * other, and host names are checked as always. The key is made once in a JVM, by the JDK's {@code
 * keytool}; its file is deleted at once. What does not: a runtime without {@code keytool} (one made
 * by jlink, say) cannot make one.
 *
 * <p>Thread-safe.
 */
public final class LoopbackTls {

  private final X509Certificate certificate;
  private final X509TrustManager trustManager;
  private final SSLContext server;
  private final SSLContext client;

  private LoopbackTls(GeneratedKey key) throws GeneralSecurityException {
    certificate = (X509Certificate) key.store().getCertificate(GeneratedKey.ALIAS);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    try {
      trusted.load(null, null);
    } catch (IOException impossible) {
      throw new IllegalStateException("an empty key store is read from nothing", impossible);
    }
    trusted.setCertificateEntry(GeneratedKey.ALIAS, certificate);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    trustManager =
        Arrays.stream(trust.getTrustManagers())
            .filter(X509TrustManager.class::isInstance)
            .map(X509TrustManager.class::cast)
            .findFirst()
            .orElseThrow();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(key.store(), key.password().toCharArray());
    server = SSLContext.getInstance("TLS");
    server.init(keys.getKeyManagers(), null, null);
    client = SSLContext.getInstance("TLS");
    client.init(null, new X509TrustManager[] {trustManager}, null);
  }

  /**
   * The one of this JVM. The first call takes a second or so; an interrupt does not end it.
   *
   * @throws IllegalStateException if {@code keytool} is not there or fails; its cause says which
   */
  public static LoopbackTls shared() {
    return Shared.MADE.get();
  }

  /** What servers answer with, signed by itself. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** For clients; trusts this certificate and no other. */
  public SSLContext clientContext() {
    return client;
  }

  /** For clients that are given their trust apart, as OkHttp is. */
  public X509TrustManager trustManager() {
    return trustManager;
  }

  /** For servers of the host's own. */
  public SSLContext serverContext() {
    return server;
  }

  /** Made at the first use, or not; a class that fails to load could not say twice why. */
  record Shared(@Nullable LoopbackTls tls, @Nullable Exception failure) {

    static final Shared MADE = make(Path.of(System.getProperty("java.home"), "bin", "keytool"));

    static Shared make(Path keytool) {
      try {
        return new Shared(new LoopbackTls(GeneratedKey.make(keytool)), null);
      } catch (GeneralSecurityException | RuntimeException e) {
        return new Shared(null, e);
      }
    }

    LoopbackTls get() {
      if (tls == null) {
        throw new IllegalStateException(
            "no certificate for the loopback interface can be made: " + failure, failure);
      }
      return tls;
    }
  }
}
