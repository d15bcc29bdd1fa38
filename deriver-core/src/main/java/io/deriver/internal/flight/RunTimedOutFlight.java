package io.deriver.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

@Name("io.deriver.RunTimedOut")
@Label("Run ended by force")
@Category("deriver")
@Description("A limit ended the run; its slot is free")
@StackTrace(false)
final class RunTimedOutFlight extends Event {
  @Nullable String pool;
  @Nullable String type;
  @Nullable String key;
  long fence;
  int attempt;
  @Nullable String limit;

  @Timespan(Timespan.NANOSECONDS)
  long after;

  @Nullable String stack;
}
