package io.deriver.internal.flight;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

@Name("io.deriver.WriteRefused")
@Label("Write refused")
@Category("deriver")
@Description("A write came too late; nothing was changed")
@StackTrace(false)
final class WriteRefusedFlight extends Event {
  @Nullable String pool;
  @Nullable String type;
  @Nullable String key;
  long fence;
  @Nullable String write;
}
