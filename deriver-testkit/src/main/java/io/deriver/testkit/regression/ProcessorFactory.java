package io.deriver.testkit.regression;

import io.deriver.Processor;

/**
 * Makes the host's processor for one play, with a client that calls this provider.
 *
 * @param <P> the provider, or the client that takes its place
 * @param <T> the payload class
 */
@FunctionalInterface
public interface ProcessorFactory<P, T> {

  /**
   * Makes a processor, once for each shape. What it holds is the host's to close.
   *
   * @throws Exception fails the test
   */
  Processor<T> create(P provider) throws Exception;
}
