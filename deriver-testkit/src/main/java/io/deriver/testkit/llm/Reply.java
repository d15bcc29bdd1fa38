package io.deriver.testkit.llm;

import io.deriver.internal.Checks;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link FakeLlmServer} does with a request. Immutable, and so free to be shared by rules.
 *
 * <p>Out of range arguments are refused with an IllegalArgumentException that names them.
 */
public sealed interface Reply {

  /** The longest delay and pace: one day. */
  Duration MAX_DELAY = Duration.ofDays(1);

  /** A correct answer computed from the request: {@link PromptDigest#summary()}. */
  static Reply answer() {
    return answer(request -> PromptDigest.of(request.conversation()).summary());
  }

  /** A correct answer with this text. */
  static Reply answer(String text) {
    Objects.requireNonNull(text, "text");
    return answer(request -> text);
  }

  /**
   * A correct answer with the text that the function gives. It is called on the connection's thread
   * and may block; closing the server interrupts it. If it throws, the client gets a 500 with the
   * exception's text.
   */
  static Reply answer(Function<LlmRequest, String> text) {
    return new Answer(text, Duration.ZERO);
  }

  /** The computed answer, with so much time between two words if the client streams. */
  static Reply pacedAnswer(Duration pace) {
    return new Answer(request -> PromptDigest.of(request.conversation()).summary(), pace);
  }

  /**
   * A call of one tool, whether or not the client offers it.
   *
   * @param argumentsJson a JSON object
   */
  static Reply toolCall(String name, String argumentsJson) {
    return toolCalls(new ToolCall(name, argumentsJson));
  }

  /** Calls of several tools in one answer. */
  static Reply toolCalls(ToolCall... calls) {
    return new UseTools("", List.of(calls));
  }

  /** The same reply so much later; nothing is sent before. */
  static Reply after(Duration delay, Reply reply) {
    return new After(delay, reply);
  }

  /** An error in the dialect's own JSON. */
  static Refusal error(int status) {
    return new Failure(status, null, "scripted error", null);
  }

  /**
   * An error that says when to come back, in a {@code Retry-After} header of whole seconds, rounded
   * up; for Gemini also in its {@code RetryInfo}.
   */
  static Refusal error(int status, Duration retryAfter) {
    return new Failure(status, null, "scripted error", retryAfter);
  }

  /**
   * An error with this code and message.
   *
   * @param code OpenAI's {@code code}, Anthropic's {@code type}, Gemini's {@code status}
   */
  static Refusal error(int status, String code, String message) {
    return new Failure(status, Objects.requireNonNull(code, "code"), message, null);
  }

  /** What the dialect's provider sends when it is overloaded: 503, from Anthropic 529. */
  static Refusal overloaded() {
    return new Overloaded();
  }

  /**
   * What the dialect's provider sends when what was paid for is used up; to come back does not
   * help: 429 ({@code insufficient_quota}, {@code RESOURCE_EXHAUSTED}), from Anthropic 400.
   */
  static Refusal outOfQuota() {
    return new OutOfQuota();
  }

  /**
   * A stream of status 200 that breaks off with an error after this text, without end marker. A
   * client that does not stream gets the error alone.
   */
  static Reply errorAfter(String text, Refusal error) {
    return new ErrorAfter(text, error);
  }

  /** An answer that does not come, or does not end. */
  static Reply hang(ServerHang shape) {
    return new Hang(shape);
  }

  /**
   * The first request that the rule takes gets the first, the next the second, and so on; all after
   * the last get the last. Each rule counts for itself.
   */
  static Reply inOrder(Reply... replies) {
    return new InOrder(List.of(replies));
  }

  /**
   * Each of the shares with its probability, {@link #answer()} with what is left of 1. Which one it
   * is depends on the seed and on {@link LlmRequest#number()} alone: the same seed makes the same
   * choices in each run, whatever else the script holds. One within another needs a seed of its
   * own.
   */
  static Reply oneOf(long seed, Share... shares) {
    return new OneOf(seed, List.of(shares));
  }

  /** For {@link #oneOf}. */
  static Share share(double probability, Reply reply) {
    return new Share(probability, reply);
  }

  /**
   * See {@link Reply#answer(Function)}.
   *
   * @param pace between two words of a streamed answer, 0 to 1 day
   */
  record Answer(Function<LlmRequest, String> text, Duration pace) implements Reply {
    public Answer {
      Objects.requireNonNull(text, "text");
      Checks.between("pace", pace, Duration.ZERO, MAX_DELAY);
    }
  }

  /**
   * See {@link Reply#toolCalls}.
   *
   * @param text what the model says before; empty for nothing
   * @param calls at least one
   */
  record UseTools(String text, List<ToolCall> calls) implements Reply {
    public UseTools {
      Objects.requireNonNull(text, "text");
      calls = List.copyOf(calls);
      Checks.rule(!calls.isEmpty(), "calls is empty; it must hold at least one");
      for (ToolCall call : calls) {
        Checks.rule(!call.name().isBlank(), "name of a tool is blank; it must not be");
        Checks.rule(
            Json.isObject(call.arguments()),
            "arguments of %s is %s; it must be a JSON object",
            call.name(),
            call.arguments());
      }
    }
  }

  /**
   * See {@link Reply#after(Duration, Reply)}.
   *
   * @param delay 0 to 1 day
   */
  record After(Duration delay, Reply reply) implements Reply {
    public After {
      Checks.between("delay", delay, Duration.ZERO, MAX_DELAY);
      Objects.requireNonNull(reply, "reply");
    }
  }

  /** A status of 400 or more and an error in the dialect's JSON. */
  sealed interface Refusal extends Reply {}

  /**
   * See {@link Reply#error(int, String, String)}.
   *
   * @param status 400 to 599
   * @param code null for the one that the dialect has for the status
   * @param retryAfter not negative; null for none
   */
  record Failure(int status, @Nullable String code, String message, @Nullable Duration retryAfter)
      implements Refusal {
    public Failure {
      Checks.between("status", status, 400, 599);
      Objects.requireNonNull(message, "message");
      Checks.rule(
          retryAfter == null || !retryAfter.isNegative(),
          "retryAfter is %s; it must not be negative",
          retryAfter);
    }
  }

  /** See {@link Reply#overloaded()}. */
  record Overloaded() implements Refusal {}

  /** See {@link Reply#outOfQuota()}. */
  record OutOfQuota() implements Refusal {}

  /** See {@link Reply#errorAfter}. */
  record ErrorAfter(String text, Refusal error) implements Reply {
    public ErrorAfter {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(error, "error");
    }
  }

  /** See {@link Reply#hang(ServerHang)}. */
  record Hang(ServerHang shape) implements Reply {
    public Hang {
      Objects.requireNonNull(shape, "shape");
    }
  }

  /**
   * See {@link Reply#inOrder}.
   *
   * @param replies at least one
   */
  record InOrder(List<Reply> replies) implements Reply {
    public InOrder {
      replies = List.copyOf(replies);
      Checks.rule(!replies.isEmpty(), "replies is empty; it must hold at least one");
    }
  }

  /**
   * See {@link Reply#oneOf}.
   *
   * @param shares their probabilities come to 1 at most
   */
  record OneOf(long seed, List<Share> shares) implements Reply {
    public OneOf {
      shares = List.copyOf(shares);
      double sum = shares.stream().mapToDouble(Share::probability).sum();
      Checks.rule(sum <= 1 + 1e-9, "the sum of probabilities is %s; it must be at most 1", sum);
    }
  }

  /**
   * A reply and how often it is given.
   *
   * @param probability 0 to 1
   */
  record Share(double probability, Reply reply) {
    public Share {
      Checks.rule(
          probability >= 0 && probability <= 1,
          "probability is %s; it must be between 0 and 1",
          probability);
      Objects.requireNonNull(reply, "reply");
    }
  }
}
