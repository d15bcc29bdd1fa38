package io.deriver.benchmarks.memory;

import io.deriver.Codec;

/** Reads and writes texts that need no escapes, without a buffer that stays with the thread. */
final class PlainCodec implements Codec<String> {

  private static final String QUOTE = "\"";

  @Override
  public String encode(String payload) {
    return QUOTE + payload + QUOTE;
  }

  @Override
  public String decode(String json) {
    return json.substring(1, json.length() - 1);
  }
}
