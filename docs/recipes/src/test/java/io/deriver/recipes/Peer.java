package io.deriver.recipes;

/** The other side of calls. Thread-safe. */
@FunctionalInterface
interface Peer {

  /** Whether it has the call of this id open and hanging. */
  boolean holds(String id);
}
