package io.deriver.soak;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Postgres: the user's own, or one that is started here and thrown away on close. */
public final class Server implements AutoCloseable {

  private final @Nullable EmbeddedPostgres embedded;
  private final PGSimpleDataSource source;

  private Server(@Nullable EmbeddedPostgres embedded, String url) {
    this.embedded = embedded;
    source = new PGSimpleDataSource();
    source.setUrl(url);
  }

  /**
   * Opens it.
   *
   * @param url of the user's own, with user and password, for a role that may make schemas and
   *     terminate its own server processes; null for an embedded one
   */
  public static Server open(@Nullable String url) {
    if (url != null) {
      return new Server(null, url);
    }
    try {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder().setServerConfig("max_connections", "300").start();
      return new Server(server, server.getJdbcUrl("postgres", "postgres"));
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded Postgres did not start", e);
    }
  }

  String host() {
    return Objects.requireNonNull(source.getServerNames())[0];
  }

  int port() {
    return Objects.requireNonNull(source.getPortNumbers())[0];
  }

  /** Where it is, for a driver. */
  String url() {
    return url(host(), port());
  }

  /** Where it is through a proxy on the loopback. */
  String url(int proxy) {
    return url("localhost", proxy);
  }

  // The network of the soak reads along, so nothing is encrypted.
  private String url(String host, int port) {
    String url =
        "jdbc:postgresql://%s:%d/%s?sslmode=disable&user=%s"
            .formatted(host, port, source.getDatabaseName(), encoded(source.getUser()));
    String password = source.getPassword();
    return password == null ? url : url + "&password=" + encoded(password);
  }

  private static String encoded(@Nullable String text) {
    return URLEncoder.encode(Objects.requireNonNullElse(text, ""), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (embedded != null) {
      try {
        embedded.close();
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded Postgres did not stop", e);
      }
    }
  }
}
