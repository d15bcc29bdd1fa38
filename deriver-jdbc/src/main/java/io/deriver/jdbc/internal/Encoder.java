package io.deriver.jdbc.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.deriver.Codecs;
import io.deriver.Deduplication;
import io.deriver.Item;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Turns items into rows and refuses what the store could not take or give back. Thread-safe. */
public final class Encoder {

  private final Codecs codecs;
  private final int maxPayloadBytes;
  private final JsonFactory json = new JsonFactory();

  public Encoder(Codecs codecs, int maxPayloadBytes) {
    this.codecs = codecs;
    this.maxPayloadBytes = maxPayloadBytes;
  }

  /**
   * One item as a row.
   *
   * @throws IllegalArgumentException if the payload cannot be written, is no JSON, has a NUL or is
   *     over the cap; the message names type and key, never the payload
   */
  <T> Row encode(Item<T> item) {
    String payload;
    try {
      payload = item.type().codecOr(codecs).encode(item.payload());
    } catch (Exception e) {
      throw refused(item, "cannot be written as JSON", e);
    }
    if (payload == null) {
      throw refused(item, "was encoded as null; a codec must return JSON text", null);
    }
    if (payload.indexOf('\0') >= 0) {
      throw refused(item, "has a NUL character, which Postgres cannot store", null);
    }
    int bytes = utf8Length(item, payload);
    if (bytes > maxPayloadBytes) {
      throw refused(item, "has " + bytes + " bytes; maxPayloadBytes is " + maxPayloadBytes, null);
    }
    if (!isJson(payload)) {
      throw refused(item, "is no JSON", null);
    }
    return new Row(
        item.type().name(),
        item.key(),
        payload,
        item.weight(),
        item.variant(),
        Priorities.number(item.priority()),
        item.delay().toMillis(),
        item.dedupe());
  }

  private static int utf8Length(Item<?> item, String payload) {
    int bytes = 0;
    for (int i = 0; i < payload.length(); i++) {
      char one = payload.charAt(i);
      if (!Character.isSurrogate(one)) {
        bytes += one < 0x80 ? 1 : one < 0x800 ? 2 : 3;
      } else if (isPair(payload, i)) {
        bytes += 4;
        i++;
      } else {
        throw refused(item, "has an unpaired surrogate, which UTF-8 cannot carry", null);
      }
    }
    return bytes;
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }

  private boolean isJson(String payload) {
    try (JsonParser parser = json.createParser(payload)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static IllegalArgumentException refused(
      Item<?> item, String why, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "payload of type '%s', key '%s' %s".formatted(item.type(), item.key(), why), cause);
  }

  /** An item as the store takes it. */
  record Row(
      String type,
      String key,
      String payload,
      int weight,
      String variant,
      int priority,
      long delayMillis,
      @Nullable Deduplication deduplication) {}
}
