package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;

/** Which timeout of a client would have ended a call in a shape, and which would not. */
final class TimeoutHints {

  private TimeoutHints() {}

  static String of(HangShape shape) {
    return switch (shape) {
      case CONNECT_NEVER_COMPLETES -> "Of timeouts, a connect timeout ends it.";
      case HANDSHAKE_NEVER_ANSWERED ->
          "Of timeouts, one for reading or for the whole call ends it; many connect timeouts are over"
              + " when the handshake begins.";
      case HEADERS_NEVER_COME, ANSWERS_LATE, DEAD_POOLED_CONNECTION ->
          "Of timeouts, one for reading or for the whole call ends it.";
      case BODY_STALLS, HALF_OPEN ->
          "Of timeouts, one for reading ends it, and idleTimeout ends the run; one that is over when"
              + " the headers have come (HttpRequest.timeout, up to JDK 25) does not.";
      case STREAM_NEVER_ENDS ->
          "Stop reading at the end marker; of timeouts, one for reading ends it.";
      case KEEP_ALIVES_FOR_EVER ->
          "No read timeout ends it, since each comment starts it anew: one for the whole call does, and"
              + " idleTimeout ends the run if progress() is called on content only.";
      case TOKENS_DRIP_FOR_EVER, ENDLESS_OUTPUT ->
          "No read timeout and no idleTimeout ends it: one for the whole call does. Bound what you"
              + " read.";
      case RETRY_AFTER_DAYS ->
          "Do not wait on the run's thread: answer with Outcome.retryAfter or Outcome.release.";
      case CALLBACK_NEVER_FIRES -> "Of timeouts, get(timeout, unit) or orTimeout end the wait.";
      default ->
          "If the client has a timeout of its own, play it with a shorter one than the run's.";
    };
  }
}
