package io.deriver.jdbc.internal;

import org.jspecify.annotations.Nullable;

/** Lets items wait no longer for others of their key. Thread-safe. */
public final class FlushCalls {

  private static final String TYPE = "SELECT deriver.flush_v1(?)";
  private static final String KEY = "SELECT deriver.flush_key_v1(?, ?, ?)";

  /**
   * As long as there is more to route than so many passes take, the rest waits as it would have.
   */
  private static final int PASSES = 100;

  private final HostCalls calls;
  private final Runnable tell;

  /**
   * @param tell tells pools that there may be work
   */
  public FlushCalls(HostCalls calls, Runnable tell) {
    this.calls = calls;
    this.tell = tell;
  }

  /** All keys of a type, or of all types. */
  public void flush(@Nullable String type) {
    calls.query("flush", TYPE, statement -> statement.setString(1, type), rows -> rows.next());
    tell.run();
  }

  /** One key. */
  public void flush(String type, String key) {
    int passes = 0;
    long before = 0;
    do {
      before = flush(type, key, before);
      passes++;
    } while (before != 0 && passes < PASSES);
    tell.run();
  }

  private long flush(String type, String key, long before) {
    return calls.query(
        "flush a key",
        KEY,
        statement -> {
          statement.setString(1, type);
          statement.setString(2, key);
          statement.setLong(3, before);
        },
        rows -> {
          rows.next();
          return rows.getLong(1);
        });
  }
}
