package io.deriver.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.deriver.RunAbandoned")
@Label("Thread abandoned")
@Category("deriver")
@Description("The thread of an ended run was asked to stop and is not back")
@StackTrace(false)
final class RunAbandonedFlight extends Event {
  @Nullable String pool;
  @Nullable String type;
  @Nullable String key;
  long fence;
  int attempt;
  int abandoned;
  int cap;
  @Nullable String stack;
}
