package io.deriver;

/**
 * Hears what a pool does. Called on one thread of its own, in order; an exception is logged and
 * changes nothing, and a listener that hangs costs events (they are counted) and nothing else.
 */
@FunctionalInterface
public interface PoolListener {

  /**
   * Takes one event.
   *
   * @throws Exception is logged
   */
  void onEvent(PoolEvent event) throws Exception;
}
