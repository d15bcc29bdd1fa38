package io.deriver.testkit.net;

import io.deriver.testkit.internal.Sockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One connection through the proxy: two sockets, and a thread for each direction. */
final class Link implements AutoCloseable {

  private final Socket client;
  private final Socket server = new Socket();
  private final Traps traps;
  private final AnswerTraps answerTraps = new AnswerTraps();
  private final AtomicInteger ended = new AtomicInteger();
  private final List<Trap> cutting = new ArrayList<>();
  private final Set<Direction> cutWays = ConcurrentHashMap.newKeySet();
  private @Nullable Trap behind;

  Link(Socket client, Traps traps) {
    this.client = client;
    this.traps = traps;
  }

  /** To be done before anything is passed on; ends early when the link is closed. */
  void connect(String host, int port) throws IOException {
    server.connect(new InetSocketAddress(host, port));
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  /**
   * Passes on until this direction ends; to be run on two threads, one a direction.
   *
   * @return whether the other one has ended, too, or must
   */
  boolean pump(Direction direction, Framing framing) throws IOException, InterruptedException {
    boolean asks = direction == Direction.TO_SERVER;
    Socket from = asks ? client : server;
    Batch batch = new Batch(direction, asks ? server : client);
    byte[] buffer = new byte[8192];
    Set<Trap> already = new HashSet<>();
    try {
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        traps.awaitDelays(direction);
        for (Frame frame : framing.frames(buffer, n)) {
          boolean goesOn = asks ? ask(frame, batch, already) : answer(frame, batch);
          if (!goesOn) {
            return true;
          }
        }
        batch.flush();
      }
      traps.awaitOpen(direction);
      batch.end();
    } catch (Undeliverable gone) {
      // What the other side has sent before, or what is held on its way there, goes on.
      if (!asks) {
        client.close();
      }
    }
    return ended.incrementAndGet() == Direction.values().length;
  }

  /** Says whether the connection is still to be used. */
  private boolean ask(Frame frame, Batch batch, Set<Trap> already)
      throws IOException, InterruptedException {
    Trap waiting = behind;
    if (waiting != null && (frame.last() || isAnother(waiting, frame.text()))) {
      behind = null;
      batch.flush();
      waiting.hold();
    }
    for (Trap trap; (trap = traps.taking(Direction.TO_SERVER, frame.text(), already)) != null; ) {
      already.add(trap);
      switch (trap.kind()) {
        case HOLD -> {
          batch.flush();
          trap.hold();
        }
        case CUT -> {
          batch.flush();
          trap.count();
          return false;
        }
        case HOLD_BEHIND -> behind = trap;
        case HOLD_ANSWER, CUT_ANSWER, CUT_SAYING -> answerTraps.add(frame.request(), trap);
      }
    }
    if (frame.last()) {
      already.clear();
      // Nothing of this request is behind it, and the next one is another.
      behind = null;
    }
    batch.add(frame);
    return true;
  }

  private static boolean isAnother(Trap trap, String text) {
    return !text.isEmpty() && !trap.isAbout(text);
  }

  private boolean answer(Frame frame, Batch batch) throws IOException, InterruptedException {
    for (Trap trap; (trap = answerTraps.next(frame.request())) != null; ) {
      batch.flush();
      if (trap.kind() == Trap.Kind.HOLD_ANSWER) {
        trap.hold();
      } else {
        cutting.add(trap);
      }
    }
    Trap saying = cutting.isEmpty() ? traps.taking(frame.text()) : null;
    if (saying != null) {
      batch.flush();
      cutting.add(saying);
    }
    if (cutting.isEmpty()) {
      batch.add(frame);
      return true;
    }
    // What comes of the answer now is swallowed; at its end the server has done all of it.
    if (frame.last()) {
      cutting.forEach(Trap::count);
    }
    return !frame.last();
  }

  /** This way is over; what is said on it from now on is dropped. */
  void cut(Direction direction) {
    cutWays.add(direction);
    try {
      (direction == Direction.TO_SERVER ? server : client).shutdownOutput();
    } catch (IOException e) {
      // It was over already.
    }
  }

  @Override
  public void close() {
    Sockets.closeQuietly(client);
    Sockets.closeQuietly(server);
  }

  /** Frames that go on together, as they came. */
  private final class Batch {

    private final Direction direction;
    private final Socket to;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Batch(Direction direction, Socket to) {
      this.direction = direction;
      this.to = to;
    }

    void add(Frame frame) throws IOException, InterruptedException {
      if (traps.isFrozen(direction)) {
        flush();
        traps.awaitOpen(direction);
      }
      bytes.writeBytes(frame.bytes());
    }

    void flush() throws Undeliverable {
      try {
        if (!cutWays.contains(direction)) {
          bytes.writeTo(to.getOutputStream());
        }
      } catch (IOException e) {
        if (!cutWays.contains(direction)) {
          throw new Undeliverable(e);
        }
      }
      bytes.reset();
    }

    void end() throws Undeliverable {
      flush();
      try {
        if (!cutWays.contains(direction)) {
          to.shutdownOutput();
        }
      } catch (IOException e) {
        throw new Undeliverable(e);
      }
    }
  }

  /** Whoever is spoken to has gone. */
  private static final class Undeliverable extends IOException {
    private static final long serialVersionUID = 1L;

    Undeliverable(IOException why) {
      super(why);
    }
  }
}
