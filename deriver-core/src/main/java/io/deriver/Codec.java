package io.deriver;

/**
 * Turns payloads of one type into JSON text and back.
 *
 * <p>Encoding runs on the thread that enqueues. Decoding runs on the run's own thread and under its
 * limits, so a codec that hangs costs its unit an attempt and the pool nothing. A payload that
 * cannot be decoded is dead-lettered at once: another attempt would meet the same text.
 *
 * <p>Implementations must be thread-safe.
 *
 * @param <T> the payload class
 */
public interface Codec<T> {

  /**
   * Writes the payload as JSON text.
   *
   * @throws Exception if the payload cannot be written; the item is then not enqueued
   */
  String encode(T payload) throws Exception;

  /**
   * Reads a payload from JSON text that {@link #encode} wrote, perhaps by an older version of the
   * host.
   *
   * @throws Exception if the text is no JSON or does not fit the class
   */
  T decode(String json) throws Exception;
}
