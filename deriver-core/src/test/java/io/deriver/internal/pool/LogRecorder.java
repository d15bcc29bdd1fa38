package io.deriver.internal.pool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger that keeps its lines, level and text, from a level on. */
final class LogRecorder extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;

  private final transient List<String> lines = new CopyOnWriteArrayList<>();
  private final Level lowest;

  LogRecorder() {
    this(Level.TRACE);
  }

  LogRecorder(Level lowest) {
    this.lowest = lowest;
  }

  List<String> lines() {
    return lines;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable error) {
    lines.add(level + " " + MessageFormatter.basicArrayFormat(message, arguments));
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return lowest.toInt() <= Level.TRACE.toInt();
  }

  @Override
  public boolean isDebugEnabled() {
    return lowest.toInt() <= Level.DEBUG.toInt();
  }

  @Override
  public boolean isInfoEnabled() {
    return lowest.toInt() <= Level.INFO.toInt();
  }

  @Override
  public boolean isWarnEnabled() {
    return lowest.toInt() <= Level.WARN.toInt();
  }

  @Override
  public boolean isErrorEnabled() {
    return lowest.toInt() <= Level.ERROR.toInt();
  }
}
