package io.deriver.testkit.net;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Cuts one direction of a conversation into frames. Used by one thread. */
@FunctionalInterface
interface Framing {

  /** Every chunk as it comes is a frame, and its bytes are its text, a character each. */
  Framing CHUNKS =
      (buffer, n) -> {
        byte[] bytes = Arrays.copyOf(buffer, n);
        return List.of(new Frame(bytes, new String(bytes, StandardCharsets.ISO_8859_1), true, 0));
      };

  /** The frames that are complete with the first n bytes of this buffer; the rest is kept. */
  List<Frame> frames(byte[] buffer, int n);
}
