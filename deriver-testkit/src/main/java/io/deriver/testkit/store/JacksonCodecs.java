package io.deriver.testkit.store;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deriver.Codec;
import io.deriver.Codecs;
import java.io.IOException;

/**
 * Payloads by Jackson, set as deriver-jdbc sets it, which this module does not depend on: what a
 * test can enqueue and read here, production can, and the other way round.
 */
final class JacksonCodecs implements Codecs {

  // One for all stores: a test may make thousands, and modules are looked for on the class path.
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .findAndAddModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Override
  public <T> Codec<T> codecFor(Class<T> payloadClass) {
    return new Codec<>() {
      @Override
      public String encode(T payload) throws IOException {
        return MAPPER.writeValueAsString(payload);
      }

      @Override
      public T decode(String json) throws IOException {
        T payload = MAPPER.readValue(json, payloadClass);
        if (payload == null) {
          throw new IOException("the JSON is null; " + payloadClass.getName() + " is expected");
        }
        return payload;
      }
    };
  }
}
