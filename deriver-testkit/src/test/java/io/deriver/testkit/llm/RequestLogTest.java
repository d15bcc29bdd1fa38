package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guards that a server that is called for hours keeps the newest calls, and no more than fit. */
class RequestLogTest {

  private final RequestLog log = new RequestLog();

  private void record(String body) {
    HttpCall call = new HttpCall("POST", "/v1/chat/completions", Map.of(), body);
    LlmRequest unused =
        log.record(
            number ->
                new LlmRequest(
                    number,
                    Dialect.OPENAI,
                    "model",
                    false,
                    List.of(),
                    List.of(),
                    Instant.EPOCH,
                    1,
                    call));
  }

  @Test
  void theNewestAreKept() {
    for (int i = 0; i < RequestLog.KEPT + 2; i++) {
      record("");
    }
    assertThat(log.requests()).hasSize(RequestLog.KEPT);
    assertThat(log.requests().get(0).number()).isEqualTo(3);
    assertThat(log.received()).isEqualTo(RequestLog.KEPT + 2);
  }

  @Test
  void largeOnesPushOthersOutAndTheLastIsKeptWhateverItsSize() {
    String half = "x".repeat((int) (RequestLog.KEPT_CHARS / 2));
    record(half);
    record(half);
    assertThat(log.requests()).hasSize(2);
    record("x");
    assertThat(log.requests()).extracting(LlmRequest::number).containsExactly(2L, 3L);
    record(half + half + "x");
    assertThat(log.requests()).extracting(LlmRequest::number).containsExactly(4L);
  }
}
