package io.deriver.testkit.net;

import io.deriver.testkit.internal.Sockets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection through the proxy: two sockets, and a thread for each direction. */
final class Link implements AutoCloseable {

  private final Socket client;
  private final Socket server;
  private final Traps traps;
  private volatile @Nullable Trap atTheAnswer;
  private @Nullable Trap behind;

  Link(Socket client, Socket server, Traps traps) {
    this.client = client;
    this.server = server;
    this.traps = traps;
  }

  /** Passes on until one side ends; to be run on two threads, one a direction. */
  void pump(Direction direction, Framing framing) throws IOException, InterruptedException {
    boolean asks = direction == Direction.TO_SERVER;
    Socket from = asks ? client : server;
    OutputStream to = (asks ? server : client).getOutputStream();
    byte[] buffer = new byte[8192];
    Set<Trap> already = new HashSet<>();
    try (this) {
      for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
        List<Frame> frames = framing.frames(buffer, n);
        Batch batch = new Batch(to);
        for (Frame frame : frames) {
          boolean goesOn = asks ? ask(frame, batch, already) : answer(frame, batch);
          if (!goesOn) {
            return;
          }
        }
        batch.flush();
      }
      traps.awaitOpen(direction);
    }
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
        case HOLD_ANSWER, CUT_ANSWER, CUT_SAYING -> atTheAnswer = trap;
      }
    }
    if (frame.last()) {
      already.clear();
    }
    batch.add(Direction.TO_SERVER, frame);
    return true;
  }

  private static boolean isAnother(Trap trap, String text) {
    return !text.isEmpty() && !trap.isAbout(text);
  }

  private boolean answer(Frame frame, Batch batch) throws IOException, InterruptedException {
    Trap trap = atTheAnswer;
    if (trap == null) {
      trap = traps.taking(Direction.TO_CLIENT, frame.text(), Set.of());
      atTheAnswer = trap;
    }
    if (trap != null && trap.kind() == Trap.Kind.HOLD_ANSWER) {
      batch.flush();
      trap.hold();
      atTheAnswer = null;
    } else if (trap != null) {
      // What came of the answer so far is swallowed; at its end the server has done all of it.
      if (frame.last()) {
        trap.count();
      }
      return !frame.last();
    }
    batch.add(Direction.TO_CLIENT, frame);
    return true;
  }

  @Override
  public void close() {
    Sockets.closeQuietly(client);
    Sockets.closeQuietly(server);
  }

  /** Frames that go on together, as they came. */
  private final class Batch {

    private final OutputStream to;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Batch(OutputStream to) {
      this.to = to;
    }

    void add(Direction direction, Frame frame) throws IOException, InterruptedException {
      if (traps.isFrozen(direction)) {
        flush();
        traps.awaitOpen(direction);
      }
      bytes.writeBytes(frame.bytes());
    }

    void flush() throws IOException {
      bytes.writeTo(to);
      bytes.reset();
      to.flush();
    }
  }
}
