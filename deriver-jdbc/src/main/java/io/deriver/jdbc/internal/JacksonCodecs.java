package io.deriver.jdbc.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deriver.Codec;
import io.deriver.Codecs;
import java.io.IOException;

/**
 * Payloads by Jackson, with the modules that are on the class path (add jackson-datatype-jsr310 for
 * java.time). The class comes from the item type, never from the JSON: default typing is off.
 * Fields that the class does not know are ignored, so that a host of the version before can read
 * what the next one wrote.
 */
public final class JacksonCodecs implements Codecs {

  // Buffers are shared: by default each thread that reads would keep its own, of 8 KB, for as long
  // as it lives, and slots are many.
  private final ObjectMapper mapper =
      JsonMapper.builder(
              JsonFactory.builder()
                  .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                  .build())
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
        return mapper.writeValueAsString(payload);
      }

      @Override
      public T decode(String json) throws IOException {
        T payload = mapper.readValue(json, payloadClass);
        if (payload == null) {
          throw new IOException("the JSON is null; " + payloadClass.getName() + " is expected");
        }
        return payload;
      }
    };
  }
}
