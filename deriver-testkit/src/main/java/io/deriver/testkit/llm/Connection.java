package io.deriver.testkit.llm;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One client's connection: call after call on a thread of its own, until either side closes. */
final class Connection implements Runnable {

  private final long number;
  private final Peer peer;
  private final Script script;
  private final RequestLog log;
  private final Rhythm rhythm;
  private boolean reused;

  Connection(long number, Peer peer, Script script, RequestLog log, Rhythm rhythm) {
    this.number = number;
    this.peer = peer;
    this.script = script;
    this.log = log;
    this.rhythm = rhythm;
  }

  @Override
  public void run() {
    try (peer) {
      boolean open = true;
      while (open) {
        open = serveNext();
      }
    } catch (IOException gone) {
      // The client left, or the server is being closed: either way there is nobody to tell.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean serveNext() throws IOException, InterruptedException {
    HttpCall call;
    try {
      call = peer.nextCall();
    } catch (BadCallException e) {
      refuse(new OpenAiWire(), e, false);
      return false;
    }
    return call != null && serve(call);
  }

  private boolean serve(HttpCall call) throws IOException, InterruptedException {
    Wire wire = wireOf(call);
    if (wire == null) {
      String message = "this fake serves no " + call.method() + " " + call.path();
      refuse(new OpenAiWire(), new BadCallException(404, message), call.keepsAlive());
      return call.keepsAlive();
    }
    LlmRequest request;
    try {
      Wire.Asked asked = wire.read(call, Json.object(call.body()));
      request = log.record(n -> request(n, wire, asked, call));
    } catch (BadCallException e) {
      refuse(wire, e, call.keepsAlive());
      return call.keepsAlive();
    }
    Exchange exchange =
        new Exchange(peer, wire.speech(), request, call.keepsAlive(), reused, log, rhythm);
    reused = true;
    return exchange.play(script.replyTo(request));
  }

  private static @Nullable Wire wireOf(HttpCall call) {
    return Wire.ALL.stream()
        .filter(wire -> call.method().equals("POST") && wire.serves(call))
        .findFirst()
        .orElse(null);
  }

  private LlmRequest request(long requestNumber, Wire wire, Wire.Asked asked, HttpCall call) {
    return new LlmRequest(
        requestNumber,
        wire.dialect(),
        asked.model(),
        asked.streaming(),
        asked.messages(),
        asked.tools(),
        Instant.now(),
        number,
        call);
  }

  private void refuse(Wire wire, BadCallException reason, boolean keepAlive) throws IOException {
    String message = reason.getMessage() == null ? "" : reason.getMessage();
    Reply.Failure failure = new Reply.Failure(reason.status(), null, message, null);
    peer.send(HttpHead.refusal(wire.speech(), failure, 0, keepAlive));
  }
}
