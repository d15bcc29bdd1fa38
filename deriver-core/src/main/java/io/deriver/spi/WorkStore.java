package io.deriver.spi;

import io.deriver.Codecs;

/** Where items wait and claims are held. Thread-safe; shared by any number of pools. */
public interface WorkStore {

  /**
   * Registers a node with a random id of its own and takes the connections that its duties need, so
   * that no processor can exhaust them.
   *
   * @throws StoreException if the store cannot be reached, is not what it should be, or lacks a
   *     privilege; the message names it
   */
  NodeStore join(NodeSpec spec);

  /** The codec for types that do not bring their own. */
  Codecs codecs();
}
