package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that the Google GenAI SDK reads calls of tools, and that their results come back. */
@Timeout(180)
class GoogleGenAiToolsTest {

  private static final String MODEL = "gemini-2.5-flash";
  private static final GenerateContentConfig CONFIG =
      GenerateContentConfig.builder()
          .tools(
              Tool.builder()
                  .functionDeclarations(
                      Tools.NAMES.stream()
                          .map(name -> FunctionDeclaration.builder().name(name).build())
                          .toList())
                  .build())
          .build();

  private final FakeLlmServer server = Tools.server().start();
  private final Client client =
      Client.builder()
          .apiKey("any")
          .httpOptions(HttpOptions.builder().baseUrl(server.baseUrl()).build())
          .build();

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @Test
  void readsCallsOfTools() {
    assertCalls(List.of(client.models.generateContent(MODEL, Tools.PROMPT, CONFIG)));
  }

  @Test
  void readsStreamedCalls() {
    List<GenerateContentResponse> responses = new ArrayList<>();
    try (ResponseStream<GenerateContentResponse> stream =
        client.models.generateContentStream(MODEL, Tools.PROMPT, CONFIG)) {
      stream.forEach(responses::add);
    }
    assertThat(responses).hasSizeGreaterThan(1);
    assertCalls(responses);
  }

  @Test
  void givesResultsBack() {
    Content asked = Content.builder().role("user").parts(Part.fromText(Tools.PROMPT)).build();
    Content calls = content(client.models.generateContent(MODEL, List.of(asked), CONFIG));
    Content results =
        Content.builder()
            .role("user")
            .parts(
                Tools.NAMES.stream()
                    .map(name -> Part.fromFunctionResponse(name, Map.of("output", name + "!")))
                    .toList())
            .build();

    GenerateContentResponse answer =
        client.models.generateContent(MODEL, List.of(asked, calls, results), CONFIG);

    assertThat(answer.text())
        .isEqualTo("weather says {\"output\":\"weather!\"}, clock says {\"output\":\"clock!\"}");
    LlmRequest request = server.requests().get(1);
    assertThat(request.tools()).isEqualTo(Tools.NAMES);
    assertThat(request.messages().get(1).toolCalls()).containsExactly(Tools.WEATHER, Tools.CLOCK);
    assertThat(request.prompt().strip()).isEqualTo(Tools.PROMPT);
  }

  private static void assertCalls(List<GenerateContentResponse> responses) {
    List<FunctionCall> calls =
        responses.stream()
            .flatMap(response -> content(response).parts().orElseThrow().stream())
            .flatMap(part -> part.functionCall().stream())
            .toList();
    assertThat(calls).extracting(call -> call.name().orElseThrow()).isEqualTo(Tools.NAMES);
    assertThat(calls.get(0).args()).hasValue(Map.of("city", "Zürich ☀️", "days", 3));
    assertThat(calls.get(1).args()).hasValue(Map.of());
  }

  private static Content content(GenerateContentResponse response) {
    return response.candidates().orElseThrow().get(0).content().orElseThrow();
  }
}
