package io.deriver.testkit.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a conversation in Postgres' protocol into its messages. What the client says before its
 * start-up message has other shapes, and so has the one byte that answers a question for
 * encryption; from then on every message is a letter, a length and a body. What is encrypted goes
 * through as it comes.
 */
final class PostgresTalk {

  private static final int SSL_REQUEST = 80877103;
  private static final int GSS_REQUEST = 80877104;
  private static final int LONGEST = 1 << 30;

  private final PostgresStatements statements = new PostgresStatements();
  private volatile boolean asksForEncryption;
  private final Runnable whenOpaque;
  private volatile boolean opaque;

  PostgresTalk() {
    this(() -> {});
  }

  /**
   * @param whenOpaque told each time that bytes come which cannot be looked into
   */
  PostgresTalk(Runnable whenOpaque) {
    this.whenOpaque = whenOpaque;
  }

  /** What the client says. */
  Framing client() {
    return new Messages() {
      private boolean started;
      private int syncs;

      @Override
      int length(ByteBuffer seen) {
        if (started) {
          return typed(seen);
        }
        // No message before the start is as long as 16 MB: this is the beginning of TLS.
        opaque = opaque || seen.get(0) != 0;
        if (seen.remaining() < 8) {
          return MORE;
        }
        return seen.getInt(0) < 8 ? NONE : seen.getInt(0);
      }

      @Override
      Frame frame(byte[] message) {
        if (started) {
          countOnlyAnswered(message[0]);
          return new Frame(message, statements.textOf(message), isLast(message[0]), requests);
        }
        int code = ByteBuffer.wrap(message).getInt(4);
        asksForEncryption = code == SSL_REQUEST || code == GSS_REQUEST;
        started = !asksForEncryption;
        String text = started ? new String(message, 8, message.length - 8, UTF_8) : "";
        return new Frame(message, text, true, requests);
      }

      // A server that takes copied data passes over the Syncs that come with it. That it does take
      // some shows in their coming at all, after the Sync of their request.
      private void countOnlyAnswered(byte type) {
        switch (type) {
          case 'S' -> syncs++;
          case 'd', 'c', 'f' -> {
            requests -= syncs;
            syncs = 0;
          }
          case 'E', 'Q', 'F' -> syncs = 0;
          default -> {
            // Neither begins a request nor ends one.
          }
        }
      }
    };
  }

  /** What the server answers. */
  Framing server() {
    return new Messages() {
      @Override
      int length(ByteBuffer seen) {
        return asksForEncryption ? 1 : typed(seen);
      }

      @Override
      Frame frame(byte[] message) {
        if (asksForEncryption) {
          asksForEncryption = false;
          opaque = message[0] != 'N';
          return new Frame(message, "", true, requests);
        }
        String text = message[0] == 'D' ? new String(message, UTF_8) : "";
        return new Frame(message, text, message[0] == 'Z', requests);
      }
    };
  }

  /**
   * Whether the server answers this one with its readiness: Sync, Query, FunctionCall; or never.
   */
  private static boolean isLast(byte type) {
    return type == 'S' || type == 'Q' || type == 'F' || type == 'X';
  }

  private abstract class Messages implements Framing {

    static final int MORE = -1;
    static final int NONE = 0;

    /** How many have ended: the server answers them one by one, in their order. */
    long requests;

    private byte[] kept = new byte[8192];
    private int size;

    /** How long the first message is; {@link #MORE} if that cannot be seen yet. */
    abstract int length(ByteBuffer seen);

    abstract Frame frame(byte[] message);

    final int typed(ByteBuffer seen) {
      if (seen.remaining() < 5) {
        return MORE;
      }
      int length = seen.getInt(1);
      return length < 4 || length == Integer.MAX_VALUE ? NONE : 1 + length;
    }

    @Override
    public final List<Frame> frames(byte[] buffer, int n) {
      keep(buffer, n);
      List<Frame> frames = new ArrayList<>();
      int at = 0;
      while (at < size && !opaque) {
        int length = length(ByteBuffer.wrap(kept, at, size - at).slice());
        opaque = opaque || length == NONE || length > LONGEST;
        if (opaque || length == MORE || length > size - at) {
          break;
        }
        Frame frame = frame(Arrays.copyOfRange(kept, at, at + length));
        requests += frame.last() ? 1 : 0;
        frames.add(frame);
        at += length;
      }
      if (opaque && at < size) {
        whenOpaque.run();
        frames.add(new Frame(Arrays.copyOfRange(kept, at, size), "", false, requests));
        at = size;
      }
      System.arraycopy(kept, at, kept, 0, size - at);
      size -= at;
      return frames;
    }

    // Grows by doubling: a long message comes in many pieces.
    private void keep(byte[] buffer, int n) {
      if (size + n > kept.length) {
        kept = Arrays.copyOf(kept, Math.max(size + n, 2 * kept.length));
      }
      System.arraycopy(buffer, 0, kept, size, n);
      size += n;
    }
  }
}
