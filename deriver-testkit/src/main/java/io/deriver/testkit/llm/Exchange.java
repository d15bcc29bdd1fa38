package io.deriver.testkit.llm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;

/** Plays one reply to one request. Its methods return whether the connection may carry on. */
final class Exchange {

  private static final Duration RETRY_AFTER_DAYS = Duration.ofSeconds(277_403);
  private static final String SPLIT_HERE = "split-here";
  private static final Completion SPLIT = Completion.of(SPLIT_HERE);
  private static final int PIECES_IN_A_FLOOD = 100;

  private final Peer peer;
  private final Speech speech;
  private final LlmRequest request;
  private final boolean keepAlive;
  private final boolean reused;
  private final RequestLog log;
  private final Rhythm rhythm;

  /**
   * @param reused whether the connection has served a call before
   */
  Exchange(
      Peer peer,
      Speech speech,
      LlmRequest request,
      boolean keepAlive,
      boolean reused,
      RequestLog log,
      Rhythm rhythm) {
    this.peer = peer;
    this.speech = speech;
    this.request = request;
    this.keepAlive = keepAlive;
    this.reused = reused;
    this.log = log;
    this.rhythm = rhythm;
  }

  boolean play(Reply reply) throws IOException, InterruptedException {
    if (reply instanceof Reply.After after) {
      return peer.staysFor(after.delay()) && play(after.reply());
    }
    if (reply instanceof Reply.Refusal refusal) {
      return fail(failure(refusal));
    }
    if (reply instanceof Reply.ErrorAfter errorAfter) {
      return breakOff(errorAfter.text(), failure(errorAfter.error()));
    }
    if (reply instanceof Reply.UseTools tools) {
      return answer(new Completion(tools.text(), tools.calls()), Duration.ZERO);
    }
    if (reply instanceof Reply.Answer answer) {
      return answer(answer);
    }
    return unwell(((Reply.Hang) reply).shape());
  }

  private boolean unwell(ServerHang shape) throws IOException, InterruptedException {
    return switch (shape) {
      case RETRY_AFTER_DAYS ->
          fail(new Reply.Failure(429, null, "quota exceeded", RETRY_AFTER_DAYS));
      case STREAM_TRUNCATED -> {
        peer.send(HttpHead.ofChunks(request.streaming(), keepAlive));
        peer.sendChunk(request.streaming() ? firstBytes() : unfinished());
        peer.sendLastChunk();
        yield keepAlive;
      }
      case REUSED_CONNECTION_HANGS -> {
        if (!reused) {
          yield play(Reply.answer());
        }
        hang(shape);
        yield false;
      }
      default -> {
        hang(shape);
        yield false;
      }
    };
  }

  private boolean answer(Reply.Answer answer) throws IOException, InterruptedException {
    String text;
    try {
      text = textOf(answer.text());
    } catch (Throwable e) { // an assertion that failed, for instance
      return fail(new Reply.Failure(500, null, "the scripted answer threw " + e, null));
    }
    return answer(Completion.of(text), answer.pace());
  }

  private boolean answer(Completion answer, Duration pace)
      throws IOException, InterruptedException {
    if (!request.streaming()) {
      peer.send(HttpHead.withBody(speech.plain(request, answer), keepAlive));
      return keepAlive;
    }
    if (!stream(answer, pace)) {
      return false;
    }
    peer.sendLastChunk();
    return keepAlive;
  }

  private String textOf(Function<LlmRequest, String> answerer) {
    String text = answerer.apply(request);
    if (text == null) {
      throw new IllegalStateException("null instead of a text");
    }
    return text;
  }

  /** The complete answer with its end marker, all but the end of the body. */
  private boolean stream(Completion answer, Duration pace)
      throws IOException, InterruptedException {
    peer.send(HttpHead.ofChunks(true, keepAlive));
    peer.sendChunk(speech.opening(request, answer));
    for (String piece : speech.pieces(request, answer)) {
      peer.sendChunk(piece);
      if (!peer.staysFor(pace)) {
        return false;
      }
    }
    peer.sendChunk(speech.ending(request, answer));
    return true;
  }

  private boolean breakOff(String text, Reply.Failure failure) throws IOException {
    if (!request.streaming()) {
      return fail(failure);
    }
    Completion begun = Completion.of(text);
    peer.send(HttpHead.ofChunks(true, keepAlive));
    peer.sendChunk(speech.opening(request, begun));
    peer.sendChunk(String.join("", speech.pieces(request, begun)));
    peer.sendChunk(speech.errorInStream(failure, request.number()));
    peer.sendLastChunk();
    return keepAlive;
  }

  private Reply.Failure failure(Reply.Refusal refusal) {
    if (refusal instanceof Reply.Overloaded) {
      return speech.overloaded();
    }
    return refusal instanceof Reply.Failure failure ? failure : speech.outOfQuota();
  }

  private boolean fail(Reply.Failure failure) throws IOException {
    peer.send(HttpHead.refusal(speech, failure, request.number(), keepAlive));
    return keepAlive;
  }

  private void hang(ServerHang shape) throws IOException, InterruptedException {
    switch (shape) {
      case HEADERS_NEVER_COME, REUSED_CONNECTION_HANGS -> hold(shape);
      case BODY_STALLS -> {
        sendFirstBytes();
        hold(shape);
      }
      case STREAM_NEVER_ENDS -> {
        sendAllButTheEnd();
        hold(shape);
      }
      case KEEP_ALIVES_FOR_EVER -> {
        peer.send(HttpHead.ofChunks(request.streaming(), false));
        repeat(shape, request.streaming() ? speech.keepAlive() : "\n", rhythm.keepAlive());
      }
      case TOKENS_DRIP_FOR_EVER -> {
        peer.send(HttpHead.ofChunks(request.streaming(), false));
        peer.sendChunk(request.streaming() ? opening() : unfinished());
        repeat(shape, request.streaming() ? speech.delta(request, "and ") : "and ", rhythm.drip());
      }
      case ENDLESS_OUTPUT -> {
        peer.send(HttpHead.ofChunks(request.streaming(), false));
        peer.sendChunk(request.streaming() ? opening() : unfinished());
        flood(request.streaming() ? speech.delta(request, "and ") : "and ");
      }
      case HALF_OPEN -> {
        sendFirstBytes();
        playDead();
      }
      case STREAM_TRUNCATED, RETRY_AFTER_DAYS ->
          throw new IllegalArgumentException(shape + " is answered at once");
    }
  }

  private void sendFirstBytes() throws IOException {
    if (request.streaming()) {
      peer.send(HttpHead.ofChunks(true, false));
      peer.sendChunk(firstBytes());
    } else {
      int whole = speech.plain(request, SPLIT).getBytes(StandardCharsets.UTF_8).length;
      peer.send(HttpHead.ofLength(200, whole, false));
      peer.send(unfinished());
    }
  }

  private String opening() {
    return speech.opening(request, SPLIT);
  }

  private String firstBytes() {
    return opening() + speech.delta(request, "Summary ");
  }

  private void sendAllButTheEnd() throws IOException, InterruptedException {
    Completion answer = Completion.of(PromptDigest.of(request.conversation()).summary());
    if (request.streaming()) {
      boolean unused = stream(answer, Duration.ZERO);
    } else {
      peer.send(HttpHead.ofChunks(false, false));
      peer.sendChunk(speech.plain(request, answer));
    }
  }

  /** A plain answer up to the middle of its text. */
  private String unfinished() {
    String whole = speech.plain(request, SPLIT);
    return whole.substring(0, whole.indexOf(SPLIT_HERE));
  }

  private void hold(ServerHang shape) throws IOException, InterruptedException {
    OpenHang hang = log.begin(request, shape);
    try {
      peer.waitUntilGone();
    } finally {
      log.end(hang);
    }
  }

  private void playDead() throws InterruptedException {
    OpenHang hang = log.begin(request, ServerHang.HALF_OPEN);
    try {
      peer.awaitClose();
    } finally {
      log.end(hang);
    }
  }

  private void flood(String piece) throws IOException {
    peer.holdBackLittle();
    byte[] chunk = Peer.chunk(piece.repeat(PIECES_IN_A_FLOOD));
    OpenHang hang = log.begin(request, ServerHang.ENDLESS_OUTPUT);
    try {
      while (!peer.isClosed()) {
        peer.send(chunk);
      }
    } finally {
      log.end(hang);
    }
  }

  private void repeat(ServerHang shape, String piece, Duration every)
      throws IOException, InterruptedException {
    peer.sendChunk(piece);
    OpenHang hang = log.begin(request, shape);
    try {
      while (peer.staysFor(every)) {
        peer.sendChunk(piece);
      }
    } finally {
      log.end(hang);
    }
  }
}
