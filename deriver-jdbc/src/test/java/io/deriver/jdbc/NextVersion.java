package io.deriver.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * A version 2 of the schema, as one would be made: a column more, and functions of its own that
 * write it, beside those of version 1. And a way to let today's library speak to those.
 */
final class NextVersion {

  private static final Pattern OWN_FUNCTIONS =
      Pattern.compile(
          "^CREATE (FUNCTION .*?\\$\\$;|TYPE .*?;)$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Class<?>[] OPEN = {Connection.class, PGConnection.class};
  private static final String CLAIMING = "SET fence = nextval('deriver.fence_number')";

  private final AtomicInteger calls = new AtomicInteger();

  /**
   * The file of version 2.
   *
   * @param worksFrom the oldest version whose library it lets work beside it
   */
  static String script(int worksFrom) {
    String first = first();
    StringBuilder script =
        new StringBuilder("ALTER TABLE deriver.head ADD COLUMN claimed_by text;\n");
    Matcher own = OWN_FUNCTIONS.matcher(first);
    while (own.find()) {
      script.append(own.group().replace("_v1", "_v2")).append('\n');
    }
    if (script.indexOf(CLAIMING) < 0) {
      throw new AssertionError("the claim of V1 does not " + CLAIMING);
    }
    return script.toString().replace(CLAIMING, CLAIMING + ", claimed_by = 'version 2'")
        + "INSERT INTO deriver.schema_version (version, works_from) VALUES (2, %d);"
            .formatted(worksFrom);
  }

  private static String first() {
    try (InputStream in = PostgresQueue.class.getResourceAsStream("V1__deriver.sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same database; whoever calls a function of version 1 there calls that of version 2. */
  DataSource over(DataSource source) {
    return proxied(DataSource.class, source);
  }

  /** How many statements called a function of version 2 instead. */
  int calls() {
    return calls.get();
  }

  private <T> T proxied(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            NextVersion.class.getClassLoader(),
            type == Connection.class ? OPEN : new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && arguments[0] instanceof String sql
                  && sql.contains("_v1(")) {
                calls.incrementAndGet();
                arguments[0] = sql.replace("_v1(", "_v2(");
              }
              try {
                Object result = method.invoke(target, arguments);
                return result instanceof Connection connection
                    ? proxied(Connection.class, connection)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
