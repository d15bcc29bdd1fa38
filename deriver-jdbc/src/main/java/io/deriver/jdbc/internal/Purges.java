package io.deriver.jdbc.internal;

import io.deriver.spi.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a pass of the reaper drops of what has been kept long enough. */
final class Purges {

  private static final Logger LOG = LoggerFactory.getLogger(Purges.class);

  private static final int DEAD_LETTERS = 500;

  /** Rows without a payload. */
  private static final int DONE = 2_000;

  private final List<Purge> purges = new ArrayList<>();
  private final SchemaName schema;
  private final Tx tx;

  Purges(Retention retention, SchemaName schema, Tx tx) {
    this.schema = schema;
    this.tx = tx;
    add("dead letters", "SELECT deriver.purge_v1(?, ?)", retention.deadLetters(), DEAD_LETTERS);
    add("what has ended", "SELECT deriver.purge_done_v1(?, ?)", retention.done(), DONE);
  }

  private void add(String what, String sql, @Nullable Duration keep, int atMost) {
    if (keep != null) {
      purges.add(new Purge(what, new PurgeCall(schema.sql(sql), keep, atMost, tx)));
    }
  }

  /** Does each of them once, and says whether one of them may have left something. */
  boolean pass(ControlConnection reaping) {
    boolean more = false;
    for (Purge purge : purges) {
      // What was taken back is told whatever becomes of this.
      try {
        more |= reaping.call("purge " + purge.what, purge.call::purge);
      } catch (StoreException e) {
        LOG.warn("The reaper could not purge {}; its next pass tries again", purge.what, e);
      }
    }
    return more;
  }

  private record Purge(String what, PurgeCall call) {}
}
