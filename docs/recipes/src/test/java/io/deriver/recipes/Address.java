package io.deriver.recipes;

import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import io.deriver.testkit.net.FullBacklog;
import io.deriver.testkit.net.SilentServer;
import java.net.URI;
import java.util.List;

/**
 * An address of its own for each call, for the shapes in which no server could tell one call from
 * another.
 */
final class Address implements Peer, AutoCloseable {

  /** The shapes, as the page calls them. */
  static final List<String> SHAPES =
      List.of(
          HangShape.CONNECT_NEVER_COMPLETES.title(),
          HangShape.HANDSHAKE_NEVER_ANSWERED.title(),
          HangShape.HALF_OPEN.title(),
          HangShape.DEAD_POOLED_CONNECTION.title());

  private final String url;
  private final Peer peer;
  private final Runnable close;
  private final boolean reused;

  private Address(String url, Peer peer, Runnable close, boolean reused) {
    this.url = url;
    this.peer = peer;
    this.close = close;
    this.reused = reused;
  }

  static Address of(String shape, Connections connections) {
    if (shape.equals(HangShape.CONNECT_NEVER_COMPLETES.title())) {
      FullBacklog nobody = new FullBacklog();
      String url = nobody.baseUrl();
      int port = URI.create(url).getPort();
      return new Address(url, unused -> connections.areTriedTo(port), nobody::close, false);
    } else if (shape.equals(HangShape.HANDSHAKE_NEVER_ANSWERED.title())) {
      SilentServer silent = new SilentServer();
      return connected(connections, silent.httpsUrl(), silent::close);
    } else if (shape.equals(HangShape.HALF_OPEN.title())) {
      FakeLlmServer gone = new FakeLlmServer().otherwise(Reply.hang(ServerHang.HALF_OPEN)).start();
      return connected(connections, gone.baseUrl(), gone::close);
    } else if (shape.equals(HangShape.DEAD_POOLED_CONNECTION.title())) {
      FakeLlmServer dying =
          new FakeLlmServer().otherwise(Reply.hang(ServerHang.REUSED_CONNECTION_HANGS)).start();
      Peer peer =
          id -> dying.hanging().stream().anyMatch(call -> call.request().prompt().equals(id));
      return new Address(dying.baseUrl(), peer, dying::close, true);
    }
    throw new IllegalArgumentException(shape);
  }

  private static Address connected(Connections connections, String url, Runnable close) {
    int port = URI.create(url).getPort();
    return new Address(url, unused -> connections.leadTo(port), close, false);
  }

  String url() {
    return url;
  }

  /** Whether the first call on a connection is answered, and the second one hangs. */
  boolean isReused() {
    return reused;
  }

  @Override
  public boolean holds(String id) {
    return peer.holds(id);
  }

  @Override
  public void close() {
    close.run();
  }
}
