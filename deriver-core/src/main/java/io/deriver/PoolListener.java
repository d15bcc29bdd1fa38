package io.deriver;

/**
 * Hears what a pool does. Called in order, on one thread that all listeners of the pool share; an
 * exception is logged and changes nothing, and a listener that hangs costs all of them events (they
 * are counted) and nothing else.
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
