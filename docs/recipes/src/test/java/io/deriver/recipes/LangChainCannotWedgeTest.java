package io.deriver.recipes;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.testkit.catalogue.HangingProvider;
import io.deriver.testkit.regression.DeadlockRegressionTest;
import io.deriver.testkit.regression.Trial;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Guards that the recipe for LangChain4j wedges no pool, and that the page's sample is a test. */
@Timeout(120)
@Execution(ExecutionMode.SAME_THREAD) // each plays a pool's worth of calls
// docs:start deadlock-langchain4j
class LangChainCannotWedgeTest {
  static final ItemType<String> SUMMARY = ItemType.of("summary", String.class);

  @DeadlockRegressionTest
  void noHangWedgesThePool(HangingProvider provider, Trial trial) {
    StreamingChatModel model =
        OpenAiStreamingChatModel.builder()
            .httpClientBuilder(CancellableHttpClient.builder())
            .baseUrl(provider.baseUrl() + "/v1")
            .apiKey("any")
            .modelName("gpt-5")
            .timeout(Duration.ofSeconds(10))
            .build();
    trial.of(
        SUMMARY,
        "hello",
        (unit, run) -> {
          LangChainCalls.stream(model, unit.payloads().get(0), run);
          return Outcome.done(); // a real one writes: queue.apply(tx -> ...)
        });
  }
}
// docs:end
