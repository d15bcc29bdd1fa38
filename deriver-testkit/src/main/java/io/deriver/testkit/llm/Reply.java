package io.deriver.testkit.llm;

import io.deriver.internal.Checks;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@link FakeLlmServer} does with a request. Immutable, and so free to be shared by rules. */
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

  /** The same reply so much later; nothing is sent before. */
  static Reply after(Duration delay, Reply reply) {
    return new After(delay, reply);
  }

  /** An error in the dialect's own JSON. */
  static Reply error(int status) {
    return new Failure(status, "scripted error", null);
  }

  /** An error that says when to come back, in a {@code Retry-After} header of whole seconds. */
  static Reply error(int status, Duration retryAfter) {
    return new Failure(status, "scripted error", retryAfter);
  }

  /** An answer that does not come, or does not end. */
  static Reply hang(ServerHang shape) {
    return new Hang(shape);
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

  /**
   * See {@link Reply#error(int, Duration)}.
   *
   * @param status 400 to 599
   * @param retryAfter not negative; null for none
   */
  record Failure(int status, String message, @Nullable Duration retryAfter) implements Reply {
    public Failure {
      Checks.between("status", status, 400, 599);
      Objects.requireNonNull(message, "message");
      Checks.rule(
          retryAfter == null || !retryAfter.isNegative(),
          "retryAfter is %s; it must not be negative",
          retryAfter);
    }
  }

  /** See {@link Reply#hang(ServerHang)}. */
  record Hang(ServerHang shape) implements Reply {
    public Hang {
      Objects.requireNonNull(shape, "shape");
    }
  }
}
