package io.deriver;

/**
 * What becomes of a new item while another of its type and dedupe key waits; see {@link
 * Item#dedupe}. An item waits from its enqueue until it is claimed, and again when its unit is
 * retried, released or taken back.
 */
public enum Dedupe {
  /** The new item is dropped; the one that waits stays as it is. */
  KEEP_FIRST,

  /**
   * The item that waits gets the payload, weight and variant of the new one. It keeps its id, its
   * place, its due time and its age. If it waits under another key, it is dropped, and the new one
   * is added at the end of its own.
   */
  REPLACE,

  /**
   * The item that waits is dropped, and the new one is added at the end of its key, with its own
   * due time: with a delay, work begins when none has come for so long. Nothing bounds how often.
   */
  PUSH_BACK
}
