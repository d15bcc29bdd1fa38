package io.deriver.testkit.pool;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What the pool of this name logs while this is open. */
final class PoolLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger("io.deriver.Pool");
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final String mark;

  PoolLog(String pool) {
    mark = "[" + pool + "]";
    start();
    logger.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    String line = event.getFormattedMessage();
    if (line.startsWith(mark)) {
      lines.add(line);
    }
  }

  List<String> linesWith(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    stop();
  }
}
