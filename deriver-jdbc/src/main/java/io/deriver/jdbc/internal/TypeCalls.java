package io.deriver.jdbc.internal;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pauses types for all nodes, and resumes them. Thread-safe. */
public final class TypeCalls {

  private static final Logger LOG = LoggerFactory.getLogger(TypeCalls.class);

  private static final String PAUSE = "SELECT deriver.pause_v1(?, ?)";
  private static final String PAUSED =
      "SELECT name, paused_at FROM deriver.type WHERE paused_at IS NOT NULL ORDER BY name";

  private final HostCalls calls;
  private final Runnable tell;

  /**
   * @param tell tells pools that there may be work
   */
  public TypeCalls(HostCalls calls, Runnable tell) {
    this.calls = calls;
    this.tell = tell;
  }

  public boolean pause(String type) {
    boolean paused = set("pause a type", type, true);
    if (paused) {
      LOG.info("Type paused for all processes: type={}; none claims it until it is resumed", type);
    }
    return paused;
  }

  public boolean resume(String type) {
    boolean resumed = set("resume a type", type, false);
    if (resumed) {
      LOG.info("Type resumed for all processes: type={}; what waits is claimed again", type);
    }
    tell.run();
    return resumed;
  }

  private boolean set(String what, String type, boolean paused) {
    return calls.query(
        what,
        PAUSE,
        statement -> {
          statement.setString(1, type);
          statement.setBoolean(2, paused);
        },
        rows -> rows.next() && rows.getBoolean(1));
  }

  public Map<String, Instant> paused() {
    return calls.query(
        "list paused types",
        PAUSED,
        statement -> {},
        rows -> {
          Map<String, Instant> paused = new LinkedHashMap<>();
          while (rows.next()) {
            paused.put(rows.getString(1), rows.getObject(2, OffsetDateTime.class).toInstant());
          }
          return paused;
        });
  }
}
