package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the Anthropic SDK reads calls of tools, and that their results come back. */
@Timeout(180)
class AnthropicToolsTest {

  private final FakeLlmServer server = Tools.server().start();
  private final AnthropicClient client =
      AnthropicOkHttpClient.builder().apiKey("any").baseUrl(server.baseUrl()).maxRetries(0).build();

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void readsCallsOfTools() {
    assertCalls(client.messages().create(params().build()).validate());
  }

  @Test
  void putsStreamedCallsTogether() {
    assertCalls(streamed());
  }

  @Test
  void putsStreamedTextAndCallsTogether() {
    server.clearRules().otherwise(new Reply.UseTools("Let me see.", List.of(Tools.WEATHER)));

    Message message = streamed();

    assertThat(message.content()).hasSize(2);
    assertThat(message.content().get(0).asText().text()).isEqualTo("Let me see.");
    assertThat(message.content().get(1).asToolUse().name()).isEqualTo("weather");
  }

  @Test
  void givesResultsBack() {
    Message calls = client.messages().create(params().build());
    List<ContentBlockParam> results =
        uses(calls).stream()
            .map(
                use ->
                    ContentBlockParam.ofToolResult(
                        ToolResultBlockParam.builder()
                            .toolUseId(use.id())
                            .content(use.name() + "!")
                            .build()))
            .toList();

    Message answer =
        client
            .messages()
            .create(params().addMessage(calls).addUserMessageOfBlockParams(results).build())
            .validate();

    assertThat(answer.content().get(0).asText().text())
        .isEqualTo("weather says weather!, clock says clock!");
    LlmRequest request = server.requests().get(1);
    assertThat(request.tools()).isEqualTo(Tools.NAMES);
    assertThat(request.messages().get(1).toolCalls()).containsExactly(Tools.WEATHER, Tools.CLOCK);
    assertThat(request.prompt().strip()).isEqualTo(Tools.PROMPT);
  }

  private Message streamed() {
    MessageAccumulator accumulator = MessageAccumulator.create();
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(params().build())) {
      stream.stream().peek(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
    }
    return accumulator.message();
  }

  private static void assertCalls(Message message) {
    assertThat(message.stopReason()).hasValue(StopReason.TOOL_USE);
    assertThat(uses(message)).extracting(ToolUseBlock::name).isEqualTo(Tools.NAMES);
    assertThat(uses(message)).extracting(ToolUseBlock::id).doesNotHaveDuplicates();
    assertThat(uses(message).get(0)._input())
        .isEqualTo(JsonValue.from(Map.of("city", "Zürich ☀️", "days", 3)));
    assertThat(uses(message).get(1)._input()).isEqualTo(JsonValue.from(Map.of()));
  }

  private static List<ToolUseBlock> uses(Message message) {
    return message.content().stream().flatMap(block -> block.toolUse().stream()).toList();
  }

  private static MessageCreateParams.Builder params() {
    MessageCreateParams.Builder params =
        MessageCreateParams.builder()
            .model("claude-sonnet-4-5")
            .maxTokens(100)
            .addUserMessage(Tools.PROMPT);
    Tools.NAMES.forEach(
        name ->
            params.addTool(
                Tool.builder().name(name).inputSchema(Tool.InputSchema.builder().build()).build()));
    return params;
  }
}
