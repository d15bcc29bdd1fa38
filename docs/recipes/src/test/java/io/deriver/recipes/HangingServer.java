package io.deriver.recipes;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.LlmRequest;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A provider that answers each prompt in the shape that stands in it, if one does. */
final class HangingServer implements AutoCloseable, Peer {

  /** The shapes, as the catalogue and the page call them. */
  static final Map<String, ServerHang> SHAPES = shapes();

  private final FakeLlmServer server =
      new FakeLlmServer().keepAliveEvery(Duration.ofMillis(200)).dripEvery(Duration.ofMillis(200));

  HangingServer() {
    SHAPES.values().forEach(shape -> server.whenPromptContains(shape.name(), Reply.hang(shape)));
    server.start();
  }

  private static Map<String, ServerHang> shapes() {
    Map<String, ServerHang> shapes = new LinkedHashMap<>();
    shapes.put(HangShape.HEADERS_NEVER_COME.title(), ServerHang.HEADERS_NEVER_COME);
    shapes.put(HangShape.BODY_STALLS.title(), ServerHang.BODY_STALLS);
    shapes.put(HangShape.STREAM_NEVER_ENDS.title(), ServerHang.STREAM_NEVER_ENDS);
    shapes.put(HangShape.KEEP_ALIVES_FOR_EVER.title(), ServerHang.KEEP_ALIVES_FOR_EVER);
    shapes.put(HangShape.TOKENS_DRIP_FOR_EVER.title(), ServerHang.TOKENS_DRIP_FOR_EVER);
    return Collections.unmodifiableMap(shapes);
  }

  String url() {
    return server.baseUrl();
  }

  /** What to ask so that the call hangs so; no other call has the same. */
  static String prompt(String shape, long number) {
    return Objects.requireNonNull(SHAPES.get(shape)).name() + " " + number;
  }

  @Override
  public boolean holds(String prompt) {
    return server.hanging().stream().anyMatch(hang -> hang.request().prompt().equals(prompt));
  }

  /** All prompts that ever came. */
  Set<String> asked() {
    return server.requests().stream().map(LlmRequest::prompt).collect(toUnmodifiableSet());
  }

  void letGo() {
    server.letGo();
  }

  @Override
  public void close() {
    server.close();
  }
}
