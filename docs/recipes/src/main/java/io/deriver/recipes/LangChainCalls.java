package io.deriver.recipes;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.deriver.RunContext;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * LangChain4j: models whose {@code httpClientBuilder} is {@link CancellableHttpClient#builder()}.
 * Thread-safe.
 */
@SuppressWarnings("try") // registrations and scopes are there to be closed
public final class LangChainCalls {

  private LangChainCalls() {}

  // docs:start langchain4j
  /** The text of a streamed answer. */
  public static String stream(StreamingChatModel model, String prompt, RunContext run)
      throws InterruptedException, ExecutionException {
    CompletableFuture<String> text = new CompletableFuture<>();
    try (RunScope scope = RunScope.of(run)) {
      model.chat(
          prompt,
          new StreamingChatResponseHandler() {
            @Override
            public void onPartialResponse(String more) {
              run.progress();
            }

            @Override
            public void onCompleteResponse(ChatResponse answer) {
              if (answer.finishReason() == null) { // the stream was cut short, and ended cleanly
                text.completeExceptionally(new IOException("the answer has no finish reason"));
              } else {
                text.complete(answer.aiMessage().text());
              }
            }

            @Override
            public void onError(Throwable error) {
              text.completeExceptionally(error);
            }
          });
      return text.get(); // never join(): an interrupt ends get() only
    }
  }

  // docs:end

  /** The text of a plain answer. */
  public static String whole(ChatModel model, String prompt, RunContext run) {
    try (RunScope scope = RunScope.of(run)) {
      return model.chat(prompt);
    }
  }
}
