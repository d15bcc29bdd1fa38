package io.deriver.internal.pool;

import io.deriver.AsyncProcessor;
import io.deriver.Processor;

/** Who works the units of a type, and how: on a thread, or waiting without one. */
public sealed interface Work<T> {

  /** The thread that it is called on is the run's until it returns. */
  record OnThread<T>(Processor<T> processor) implements Work<T> {}

  /** The run goes on until the stage that it returns is complete. */
  record InStages<T>(AsyncProcessor<T> processor) implements Work<T> {}
}
