package io.deriver.examples;

/** A stroke of a timeline: what is seen of a call on the wire. */
sealed interface Stroke {

  /** The client sends. */
  record Asks(String label) implements Stroke {}

  /** The server sends. */
  record Says(String label) implements Stroke {}

  /** The client sends, and it never gets there. */
  record Lost(String label) implements Stroke {}

  /**
   * The server sends, again and again, for ever.
   *
   * @param apart pixels between two
   */
  record Repeats(String label, int apart) implements Stroke {}

  /** The server is no longer there. */
  record Gone() implements Stroke {}

  /** Nothing is sent, up to the limit and beyond it. */
  record Silence() implements Stroke {}

  /** A limit of deriver passes. */
  record Limit(String label) implements Stroke {}

  /** The client has seen enough. */
  record Fails(String label) implements Stroke {}
}
