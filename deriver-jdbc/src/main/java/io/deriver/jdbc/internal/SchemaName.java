package io.deriver.jdbc.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The schema that deriver's tables live in. All SQL is written for {@code deriver}. */
public record SchemaName(String value) {

  private static final Pattern RULE = Pattern.compile("[a-z_][a-z0-9_]{0,40}");
  private static final Pattern WRITTEN = Pattern.compile("\\bderiver\\b");

  public static final SchemaName DEFAULT = new SchemaName("deriver");

  public SchemaName {
    if (!RULE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "schema is '%s'; it must match %s".formatted(value, RULE.pattern()));
    }
    if (value.startsWith("pg_")) {
      throw new IllegalArgumentException(
          "schema is '%s'; names that begin with pg_ belong to Postgres".formatted(value));
    }
  }

  /** The name, or what is wrong with it. */
  public static SchemaName of(@Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException("schema is null; it must match " + RULE.pattern());
    }
    return new SchemaName(value);
  }

  /** SQL that was written for the schema {@code deriver}, for this one. */
  String sql(String written) {
    return WRITTEN.matcher(written).replaceAll(Matcher.quoteReplacement("\"" + value + "\""));
  }

  /** The channel on which processes tell each other that work has come. */
  String channel() {
    return "deriver_" + value;
  }

  @Override
  public String toString() {
    return value;
  }
}
