package io.deriver;

/**
 * Finds the codec of a payload class for the item types that do not bring their own.
 * Implementations must be thread-safe.
 */
@FunctionalInterface
public interface Codecs {

  /** The codec for payloads of this class; never null. */
  <T> Codec<T> codecFor(Class<T> payloadClass);
}
