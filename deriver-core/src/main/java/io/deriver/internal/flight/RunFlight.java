package io.deriver.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.deriver.Run")
@Label("Run")
@Category("deriver")
@Description("One run, from its thread's coming to its code's end, however late")
@StackTrace(false)
final class RunFlight extends Event {
  @Nullable String pool;
  @Nullable String type;
  @Nullable String key;
  long fence;
  int attempt;
  int items;
  @Nullable String end;
}
