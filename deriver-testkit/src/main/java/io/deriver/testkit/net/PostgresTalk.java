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
  private static final int MORE = -1;

  private final PostgresStatements statements = new PostgresStatements();
  private volatile boolean asksForEncryption;
  private volatile boolean opaque;

  /** What the client says. */
  Framing client() {
    return new Cutter(
        new Messages() {
          private boolean started;

          @Override
          public int length(ByteBuffer seen) {
            if (started) {
              return typed(seen);
            }
            // No message before the start is as long as 16 MB: this is the beginning of TLS.
            opaque = opaque || seen.get(0) != 0;
            return seen.remaining() < 8 ? MORE : seen.getInt(0);
          }

          @Override
          public Frame frame(byte[] message) {
            if (started) {
              boolean last = message[0] == 'S' || message[0] == 'Q' || message[0] == 'X';
              return new Frame(message, statements.textOf(message), last);
            }
            int code = ByteBuffer.wrap(message).getInt(4);
            asksForEncryption = code == SSL_REQUEST || code == GSS_REQUEST;
            started = !asksForEncryption;
            String text = started ? new String(message, 8, message.length - 8, UTF_8) : "";
            return new Frame(message, text, true);
          }
        });
  }

  /** What the server answers. */
  Framing server() {
    return new Cutter(
        new Messages() {
          @Override
          public int length(ByteBuffer seen) {
            return asksForEncryption ? 1 : typed(seen);
          }

          @Override
          public Frame frame(byte[] message) {
            if (asksForEncryption) {
              asksForEncryption = false;
              opaque = message[0] != 'N';
              return new Frame(message, "", true);
            }
            String text = message[0] == 'D' ? new String(message, UTF_8) : "";
            return new Frame(message, text, message[0] == 'Z');
          }
        });
  }

  private static int typed(ByteBuffer seen) {
    return seen.remaining() < 5 ? MORE : 1 + seen.getInt(1);
  }

  /** The messages of one direction. */
  private interface Messages {

    /** How long the first one is; {@link #MORE} if that cannot be seen yet. */
    int length(ByteBuffer seen);

    Frame frame(byte[] message);
  }

  /** Keeps what has come of a message until the rest has. */
  private final class Cutter implements Framing {

    private final Messages messages;
    private byte[] kept = {};

    Cutter(Messages messages) {
      this.messages = messages;
    }

    @Override
    public List<Frame> frames(byte[] buffer, int n) {
      byte[] all = Arrays.copyOf(kept, kept.length + n);
      System.arraycopy(buffer, 0, all, kept.length, n);
      List<Frame> frames = new ArrayList<>();
      int at = 0;
      while (at < all.length && !opaque) {
        int length = messages.length(ByteBuffer.wrap(all, at, all.length - at).slice());
        opaque = opaque || length == 0 || length > LONGEST || length < MORE;
        if (opaque || length == MORE || length > all.length - at) {
          break;
        }
        frames.add(messages.frame(Arrays.copyOfRange(all, at, at + length)));
        at += length;
      }
      kept = Arrays.copyOfRange(all, at, all.length);
      if (opaque && kept.length > 0) {
        frames.add(new Frame(kept, "", false));
        kept = new byte[0];
      }
      return frames;
    }
  }
}
