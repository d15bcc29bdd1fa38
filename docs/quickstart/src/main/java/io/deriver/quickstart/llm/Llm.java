package io.deriver.quickstart.llm;

import io.deriver.quickstart.data.Poison;
import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.LlmRequest;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The LLM that a process uses: a real one, or the fake server with the script of the outage. */
public final class Llm implements AutoCloseable {

  /** From this many lines on, a healthy prompt is answered late. */
  private static final int LONG_PROMPT = 40;

  private final @Nullable FakeLlmServer server;
  private final Endpoint endpoint;

  private Llm(@Nullable FakeLlmServer server, Endpoint endpoint) {
    this.server = server;
    this.endpoint = endpoint;
  }

  /** The real one, if there is one. */
  public static Llm of(@Nullable Endpoint real, Duration timeout) {
    return real == null ? fake(timeout) : new Llm(null, real);
  }

  /**
   * A fake one on the loopback interface. Marked prompts hang, long ones take 0.6 T, so that they
   * are slow and healthy; the others take 0.02 T.
   */
  @SuppressWarnings("resource") // the server is this object's to close
  private static Llm fake(Duration timeout) {
    Reply soon = Reply.after(timeout.dividedBy(50), Reply.answer());
    Reply late = Reply.after(timeout.multipliedBy(3).dividedBy(5), Reply.answer());
    FakeLlmServer server =
        new FakeLlmServer()
            .whenPromptContains(Poison.LETS_GO.mark(), Reply.hang(ServerHang.STREAM_NEVER_ENDS))
            .whenPromptContains(
                Poison.IGNORES_EVERYTHING.mark(), Reply.hang(ServerHang.HEADERS_NEVER_COME))
            .when(Llm::isLong, late)
            .otherwise(soon)
            .start();
    return new Llm(server, new Endpoint(server.baseUrl(), "not checked", "fake"));
  }

  private static boolean isLong(LlmRequest request) {
    return request.prompt().lines().count() >= LONG_PROMPT;
  }

  /** Where it is. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** How many calls it has had; 0 for a real one, which does not say. */
  public int callCount() {
    return requests().size();
  }

  /** The calls that it had after so many others. */
  public Calls callsAfter(int count) {
    List<LlmRequest> all = requests();
    List<LlmRequest> calls = all.subList(count, all.size());
    long different = calls.stream().map(LlmRequest::prompt).distinct().count();
    return new Calls(calls.size(), calls.size() - (int) different);
  }

  private List<LlmRequest> requests() {
    return server == null ? List.of() : server.requests();
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }

  /**
   * Calls in the server's own records.
   *
   * @param repeated of them, those whose prompt had been sent before
   */
  public record Calls(int made, int repeated) {}
}
