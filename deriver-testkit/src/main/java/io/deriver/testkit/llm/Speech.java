package io.deriver.testkit.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one dialect answers: pure functions from requests to text, no I/O. */
interface Speech {

  /** The body of an answer in one piece. */
  String plain(LlmRequest request, Completion answer);

  /** What a stream begins with before its first content; may be empty. */
  String opening(LlmRequest request, Completion answer);

  /** The content in the order in which it is streamed, each with what has to stand around it. */
  List<String> pieces(LlmRequest request, Completion answer);

  /** One event of a stream, with some text; what {@link #opening} leads to if there is a text. */
  String delta(LlmRequest request, String piece);

  /** What ends a complete stream, end marker included. */
  String ending(LlmRequest request, Completion answer);

  /** What a client has to skip. */
  String keepAlive();

  /** The body of an error. */
  String error(Reply.Failure failure, long number);

  /** An error in place of the rest of a stream that was begun with status 200. */
  String errorInStream(Reply.Failure failure, long number);

  /** What the provider says when it is overloaded. */
  Reply.Failure overloaded();

  /** What the provider says when what was paid for is used up. */
  Reply.Failure outOfQuota();

  /** The header in which the provider names a request; null if it has none. */
  @Nullable String requestIdHeader();
}
