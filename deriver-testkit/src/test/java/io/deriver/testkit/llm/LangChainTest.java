package io.deriver.testkit.llm;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Guards that LangChain4j takes the fake server for each of three providers. */
@Timeout(180)
class LangChainTest {

  private static final ChatRequest QUESTION =
      ChatRequest.builder()
          .messages(SystemMessage.from("Be brief."), UserMessage.from("Conversation: c\nann: hi"))
          .build();
  private static final String SUMMARY = PromptDigest.of("c", List.of("ann: hi")).summary();

  private final FakeLlmServer server = new FakeLlmServer().start();

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void readsAnswersPlainAndStreamed(Dialect dialect) {
    for (boolean streaming : new boolean[] {false, true}) {
      ChatResponse answer = ask(dialect, streaming, QUESTION);

      assertThat(answer.aiMessage().text()).isEqualTo(SUMMARY);
      assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP);
      assertThat(answer.tokenUsage().outputTokenCount()).isPositive();
    }
    assertThat(server.requests())
        .allSatisfy(
            request -> {
              assertThat(request.dialect()).isEqualTo(dialect);
              assertThat(request.messages().get(0).role()).isEqualTo("system");
              assertThat(request.prompt()).startsWith("Be brief.");
            })
        .extracting(LlmRequest::streaming)
        .containsExactly(false, true);
  }

  @ParameterizedTest
  @EnumSource
  void callsToolsInTwoTurns(Dialect dialect) {
    server.when(
        request -> request.toolResults().isEmpty(), Reply.toolCalls(Tools.WEATHER, Tools.CLOCK));
    server.otherwise(Reply.answer(request -> request.toolResults().toString()));
    for (boolean streaming : new boolean[] {false, true}) {
      List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from(Tools.PROMPT)));
      AiMessage calls = ask(dialect, streaming, withTools(messages)).aiMessage();
      assertThat(calls.toolExecutionRequests())
          .extracting(ToolExecutionRequest::name)
          .isEqualTo(Tools.NAMES);
      assertThat(Json.object(calls.toolExecutionRequests().get(0).arguments()))
          .isEqualTo(Json.object(Tools.WEATHER.arguments()));

      messages.add(calls);
      for (ToolExecutionRequest call : calls.toolExecutionRequests()) {
        messages.add(ToolExecutionResultMessage.from(call, call.name() + "!"));
      }
      assertThat(ask(dialect, streaming, withTools(messages)).aiMessage().text())
          .contains("tool=weather, content=", "weather!", "tool=clock, content=", "clock!");
    }
    assertThat(server.requests())
        .hasSize(4)
        .allSatisfy(request -> assertThat(request.tools()).isEqualTo(Tools.NAMES));
  }

  @ParameterizedTest
  @EnumSource
  void raisesItsExceptions(Dialect dialect) {
    for (boolean streaming : new boolean[] {false, true}) {
      server.otherwise(
          Reply.inOrder(
              Reply.error(429, ofSeconds(1)),
              Reply.overloaded(),
              Reply.error(500),
              Reply.error(400)));

      assertThatThrownBy(() -> ask(dialect, streaming, QUESTION))
          .isInstanceOf(RateLimitException.class);
      assertThatThrownBy(() -> ask(dialect, streaming, QUESTION))
          .isInstanceOf(InternalServerException.class)
          .hasMessageContaining("verloaded");
      assertThatThrownBy(() -> ask(dialect, streaming, QUESTION))
          .isInstanceOf(InternalServerException.class)
          .hasMessageContaining("scripted error");
      assertThatThrownBy(() -> ask(dialect, streaming, QUESTION))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  /** It does not look at the header of three days either. */
  @ParameterizedTest
  @EnumSource
  void comesBackAfterAnError(Dialect dialect) {
    server.otherwise(
        Reply.inOrder(Reply.hang(ServerHang.RETRY_AFTER_DAYS), Reply.answer("at last")));
    assertThat(LangChainModels.plain(server, dialect, 1).chat("any")).isEqualTo("at last");
    assertThat(server.requestCount()).isEqualTo(2);
  }

  @Test
  void raisesAnErrorInTheStreamOfAnthropic() {
    server.otherwise(Reply.errorAfter("half an answer ", Reply.overloaded()));
    assertThatThrownBy(() -> ask(Dialect.ANTHROPIC, true, QUESTION))
        .hasMessageContaining("Overloaded");
  }

  /** The processor must look at the finish reason: the answer is half and there is no error. */
  @ParameterizedTest
  @EnumSource(names = {"OPENAI", "GEMINI"})
  void overlooksAnErrorInTheStreamOfTheOthers(Dialect dialect) {
    server.otherwise(Reply.errorAfter("half an answer ", Reply.overloaded()));
    ChatResponse answer = ask(dialect, true, QUESTION);
    assertThat(answer.aiMessage().text()).isEqualTo("half an answer ");
    assertThat(answer.finishReason()).isNull();
  }

  private ChatResponse ask(Dialect dialect, boolean streaming, ChatRequest request) {
    if (!streaming) {
      return LangChainModels.plain(server, dialect, 0).chat(request);
    }
    try {
      return LangChainModels.collect(LangChainModels.streaming(server, dialect), request)
          .orTimeout(30, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static ChatRequest withTools(List<ChatMessage> messages) {
    return ChatRequest.builder()
        .messages(messages)
        .toolSpecifications(
            Tools.NAMES.stream()
                .map(name -> ToolSpecification.builder().name(name).build())
                .toList())
        .build();
  }
}
