package io.deriver.testkit.store;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deriver.Codec;
import io.deriver.Codecs;

/** JSON by Jackson at its defaults, strict about what follows the value. */
final class JacksonCodecs implements Codecs {

  private final ObjectMapper mapper =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  @Override
  public <T> Codec<T> codecFor(Class<T> payloadClass) {
    return new Codec<>() {
      @Override
      public String encode(T payload) throws Exception {
        return mapper.writeValueAsString(payload);
      }

      @Override
      public T decode(String json) throws Exception {
        return mapper.readValue(json, payloadClass);
      }
    };
  }
}
