package io.deriver.testkit.regression;

import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Processor;
import io.deriver.RunContext;
import io.deriver.WorkUnit;
import org.jspecify.annotations.Nullable;

/** Hands units to the host's processor, under the host's own type, and notes its runs. */
final class WatchedProcessor<T> implements Processor<T> {

  private final ItemType<T> type;
  private final Processor<T> processor;
  private final PlayLog log;

  WatchedProcessor(ItemType<T> type, Processor<T> processor, PlayLog log) {
    this.type = type;
    this.processor = processor;
    this.log = log;
  }

  @Override
  public Outcome process(WorkUnit<T> unit, RunContext run) throws Exception {
    WatchedRun watched = new WatchedRun(unit.key(), run);
    log.begin(watched);
    @Nullable Outcome outcome = null;
    try {
      outcome =
          processor.process(new WorkUnit<>(type, unit.key(), unit.items(), unit.cut()), watched);
      return outcome;
    } finally {
      watched.isLeft(outcome);
      log.changed();
    }
  }
}
