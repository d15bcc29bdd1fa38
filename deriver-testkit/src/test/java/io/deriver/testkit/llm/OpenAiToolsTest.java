package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the OpenAI SDK reads calls of tools, and that their results come back. */
@Timeout(180)
class OpenAiToolsTest {

  private final FakeLlmServer server = Tools.server().start();
  private final OpenAIClient client =
      OpenAIOkHttpClient.builder()
          .apiKey("any")
          .baseUrl(server.baseUrl() + "/v1")
          .maxRetries(0)
          .build();

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void readsCallsOfTools() {
    assertCalls(client.chat().completions().create(params().build()).validate());
  }

  @Test
  void putsStreamedCallsTogether() {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    ChatCompletionCreateParams params =
        params()
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params)) {
      stream.stream().peek(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
    }
    ChatCompletion completion = accumulator.chatCompletion();

    assertCalls(completion);
    assertThat(completion.usage())
        .hasValueSatisfying(usage -> assertThat(usage.completionTokens()).isPositive());
  }

  @Test
  void givesResultsBack() {
    ChatCompletionMessage calls =
        client.chat().completions().create(params().build()).choices().get(0).message();
    ChatCompletionCreateParams.Builder second = params().addMessage(calls);
    for (ChatCompletionMessageFunctionToolCall call : functions(calls)) {
      second.addMessage(
          ChatCompletionToolMessageParam.builder()
              .toolCallId(call.id())
              .content(call.function().name() + "!")
              .build());
    }

    ChatCompletion answer = client.chat().completions().create(second.build()).validate();

    assertThat(answer.choices().get(0).message().content())
        .hasValue("weather says weather!, clock says clock!");
    LlmRequest request = server.requests().get(1);
    assertThat(request.tools()).isEqualTo(Tools.NAMES);
    assertThat(request.messages().get(1).toolCalls()).containsExactly(Tools.WEATHER, Tools.CLOCK);
    assertThat(request.prompt().strip()).isEqualTo(Tools.PROMPT);
  }

  private static void assertCalls(ChatCompletion completion) {
    ChatCompletion.Choice choice = completion.choices().get(0);
    assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    assertThat(choice.message().content().orElse("")).isEmpty();
    List<ChatCompletionMessageFunctionToolCall> calls = functions(choice.message());
    assertThat(calls)
        .extracting(call -> new ToolCall(call.function().name(), call.function().arguments()))
        .containsExactly(Tools.WEATHER, Tools.CLOCK);
    assertThat(calls).extracting(ChatCompletionMessageFunctionToolCall::id).doesNotHaveDuplicates();
  }

  private static List<ChatCompletionMessageFunctionToolCall> functions(
      ChatCompletionMessage message) {
    return message.toolCalls().orElseThrow().stream()
        .map(ChatCompletionMessageToolCall::asFunction)
        .toList();
  }

  private static ChatCompletionCreateParams.Builder params() {
    ChatCompletionCreateParams.Builder params =
        ChatCompletionCreateParams.builder().model("gpt-5").addUserMessage(Tools.PROMPT);
    Tools.NAMES.forEach(
        name -> params.addFunctionTool(FunctionDefinition.builder().name(name).build()));
    return params;
  }
}
