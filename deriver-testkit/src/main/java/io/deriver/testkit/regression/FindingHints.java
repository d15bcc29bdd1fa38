package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.regression.Observed.OneRun;
import java.util.List;

/** What would mend it, derived from the shape, from what was seen, and from the stacks. */
final class FindingHints {

  private static final String FAKES = "io.deriver.testkit.llm.";
  private static final String JOIN = "java.util.concurrent.CompletableFuture.join(";

  private FindingHints() {}

  /** Whether the processor's own wait keeps its thread, though the shape's would do so anyway. */
  static boolean isAvoidable(OneRun run) {
    List<String> stack = run.stack();
    for (int i = 0; i + 1 < stack.size(); i++) {
      if (stack.get(i).contains(JOIN)) {
        return !stack.get(i + 1).contains(FAKES);
      }
    }
    return false;
  }

  static String forAbandoned(HangShape shape, OneRun run) {
    return handle(run) + " " + TimeoutHints.of(shape);
  }

  /** Which handle would free it, by what the stacks show. */
  private static String handle(OneRun run) {
    if (shows(run.closer(), "HttpURLConnection.disconnect", "HttpURLConnection$HttpInputStream")) {
      return "HttpURLConnection.disconnect() and close() wait for the very read that they should end:"
          + " set connect and read timeouts on it (setReadTimeout), and look at"
          + " run.throwIfCancelled() between two reads; or use another client.";
    }
    if (!run.closer().isEmpty()) {
      return "What was registered with run.onCancel hangs itself, see its stack: register what aborts"
          + " the call without waiting for it, the socket or Call.cancel().";
    }
    if (shows(run.stack(), JOIN)) {
      return "No interrupt ends CompletableFuture.join(): wait with get(), and register what cancels"
          + " the call behind the future with run.onCancel.";
    }
    if (isBlocked(run) || waitsForALock(run)) {
      return "It waits for a lock or a permit in a way that no interrupt ends: use tryLock, tryAcquire"
          + " or lockInterruptibly, and hold no lock across a call.";
    }
    if (shows(run.stack(), "sun.net.www.protocol.http")) {
      return "HttpURLConnection heeds no interrupt, and its disconnect() would wait for the read: set"
          + " connect and read timeouts on it (setReadTimeout), and look at run.throwIfCancelled()"
          + " between two reads; or use another client.";
    }
    if (isInASocket(run)) {
      return run.registered() == 0
          ? "No interrupt ends a read, a connect or a handshake on a blocking socket, and nothing was"
              + " registered: hand what closes it to run.onCancel before the call begins (Call.cancel(),"
              + " the stream's or the socket's close())."
          : "What was registered with run.onCancel does not close the socket that it waits for:"
              + " register the call, the stream or the socket itself, before the call begins.";
    }
    if (isInterruptible(run)) {
      return "An interrupt ends the wait that it is in, so the first one was swallowed: do not catch"
          + " InterruptedException and go on; ask run.throwIfCancelled() before each call.";
    }
    return run.registered() == 0
        ? "It heeds no interrupt: ask run.throwIfCancelled() in each loop, and hand what ends the call"
            + " to run.onCancel."
        : "It heeds no interrupt, and what was registered with run.onCancel does not end it: ask"
            + " run.throwIfCancelled() in each loop, and register what ends the call itself.";
  }

  private static boolean isBlocked(OneRun run) {
    return !run.stack().isEmpty() && run.stack().get(0).endsWith("BLOCKED");
  }

  private static boolean waitsForALock(OneRun run) {
    return shows(
        run.stack(),
        "ReentrantLock.lock(",
        "WriteLock.lock(",
        "ReadLock.lock(",
        "acquireUninterruptibly(",
        "awaitUninterruptibly(");
  }

  private static boolean isInASocket(OneRun run) {
    return shows(
        run.stack(),
        "sun.nio.ch.NioSocketImpl",
        "java.net.Socket$SocketInputStream",
        "java.net.SocketInputStream",
        "sun.security.ssl.SSLSocketImpl",
        "HttpResponseInputStream.read");
  }

  private static boolean isInterruptible(OneRun run) {
    return shows(
        run.stack(),
        "CompletableFuture.get(",
        "FutureTask.get(",
        "Thread.sleep",
        "java.lang.Object.wait",
        "CountDownLatch.await(",
        "Semaphore.acquire(",
        "BlockingQueue.take(",
        "LinkedBlockingQueue.take(",
        "LinkedBlockingDeque.take(");
  }

  private static boolean shows(List<String> stack, String... frames) {
    for (String frame : frames) {
      if (stack.stream().anyMatch(line -> line.contains(frame))) {
        return true;
      }
    }
    return false;
  }

  static String forWrongAnswer(HangShape shape, boolean neverAsked) {
    if (neverAsked) {
      return "Does the processor call the provider that the test gave it?";
    }
    return switch (shape) {
      case STREAM_TRUNCATED ->
          "The stream was cut short and ended cleanly: check its end marker ([DONE], message_stop, a"
              + " finish reason) and throw where it is missing.";
      case RETRY_AFTER_DAYS ->
          "A status 429 passed for an answer: check the status, and throw or answer with"
              + " Outcome.retryAfter or Outcome.release.";
      default ->
          "Where the call fails or ends early, throw, so that the unit is tried again; if a part or a"
              + " substitute is good enough, leave this shape out by without("
              + shape
              + ").";
    };
  }

  static String forRepeated() {
    return "Leave retries to the pool, whose attempts are counted and spread: set the SDK's own to none"
        + " (maxRetries(0)) and take out own loops. What is meant to be, say with callsPerAttempt(n).";
  }

  static String forNotRecovered(HangShape shape) {
    String hint =
        "Something that a hung call holds is missing to the others, or what hung is not let go: a"
            + " lock, a connection of the client's pool, a thread of its executor. What was seen last"
            + " is named above.";
    // One that repeats a refused handshake until a limit ends it does not say what was refused.
    return shape == HangShape.HANDSHAKE_NEVER_ANSWERED
        ? "Does the client trust the provider's certificate? Here it is the test's own: give the"
            + " client LoopbackTls.shared().clientContext(), and set its own retries to none. If it"
            + " does: "
            + hint
        : hint;
  }

  /** Whether what is missing is trust in the certificate of {@code LoopbackTls}. */
  static boolean distrustsTheCertificate(HangShape shape, List<String> errors) {
    return shape == HangShape.HANDSHAKE_NEVER_ANSWERED
        && errors.stream()
            .anyMatch(line -> line.contains("SSLHandshake") || line.contains("certification path"));
  }
}
