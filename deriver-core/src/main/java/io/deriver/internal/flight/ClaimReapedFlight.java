package io.deriver.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.deriver.ClaimReaped")
@Label("Claim reaped")
@Category("deriver")
@Description("The reaper took a claim back")
@StackTrace(false)
final class ClaimReapedFlight extends Event {
  @Nullable String pool;
  @Nullable String type;
  @Nullable String key;
  long fence;
  @Nullable String node;
  @Nullable String reason;
  boolean deadLettered;
}
