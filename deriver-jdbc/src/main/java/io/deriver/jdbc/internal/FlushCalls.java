package io.deriver.jdbc.internal;

import org.jspecify.annotations.Nullable;

/** Lets items wait no longer for others of their key. Thread-safe. */
public final class FlushCalls {

  private static final String TYPE = "SELECT deriver.flush_v1(?)";
  private static final String KEY = "SELECT deriver.flush_key_v1(?, ?)";

  private final HostCalls calls;
  private final Hints hints;

  public FlushCalls(HostCalls calls, Hints hints) {
    this.calls = calls;
    this.hints = hints;
  }

  /** All keys of a type, or of all types. */
  public void flush(@Nullable String type) {
    calls.query("flush", TYPE, statement -> statement.setString(1, type), rows -> rows.next());
    hints.give();
  }

  /** One key. */
  public void flush(String type, String key) {
    calls.query(
        "flush a key",
        KEY,
        statement -> {
          statement.setString(1, type);
          statement.setString(2, key);
        },
        rows -> rows.next());
    hints.give();
  }
}
