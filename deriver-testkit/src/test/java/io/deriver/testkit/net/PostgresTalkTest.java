package io.deriver.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Guards that each message is known for the statement that it is about, however the network cuts
 * the bytes.
 */
class PostgresTalkTest {

  private static final int PROTOCOL_3 = 196608;
  private static final int SSL_REQUEST = 80877103;

  private static byte[] untyped(int code, String rest) {
    byte[] body = rest.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + body.length)
        .putInt(8 + body.length)
        .putInt(code)
        .put(body)
        .array();
  }

  private static byte[] message(char type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(5 + bytes.length)
        .put((byte) type)
        .putInt(4 + bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] all(byte[]... messages) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      bytes.writeBytes(message);
    }
    return bytes.toByteArray();
  }

  private static byte[] session() {
    return all(
        untyped(PROTOCOL_3, "user\0me\0\0"),
        message('P', "\0BEGIN\0\0\0"),
        message('B', "\0\0\0\0\0\0\0\0"),
        message('E', "\0\0\0\0\0"),
        message('P', "S_1\0select grüße($1)\0\0\0"),
        message('B', "\0S_1\0(the key)"),
        message('S', ""),
        message('B', "\0S_1\0(another)"),
        message('S', ""),
        message('Q', "COMMIT\0"),
        message('C', "SS_1\0"),
        message('B', "\0S_1\0(none)"),
        message('X', ""));
  }

  private static List<Frame> cut(Framing framing, byte[] bytes, int length) {
    List<Frame> frames = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += length) {
      int n = Math.min(bytes.length - at, length);
      frames.addAll(framing.frames(Arrays.copyOfRange(bytes, at, at + n), n));
    }
    return frames;
  }

  private static byte[] joined(List<Frame> frames) {
    return all(frames.stream().map(Frame::bytes).toArray(byte[][]::new));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 11, 16, 33, 100, 10_000})
  void statementsAreKnownHoweverTheBytesAreCut(int length) {
    List<Frame> frames = cut(new PostgresTalk().client(), session(), length);

    assertThat(joined(frames)).isEqualTo(session());
    assertThat(frames.stream().map(Frame::text).filter(text -> !text.isBlank()))
        .satisfiesExactly(
            startUp -> assertThat(startUp).contains("user\0me"),
            begin -> assertThat(begin).isEqualTo("BEGIN"),
            bound -> assertThat(bound).startsWith("BEGIN\n"),
            parsed -> assertThat(parsed).isEqualTo("select grüße($1)"),
            first -> assertThat(first).isEqualTo("select grüße($1)\n(the key)"),
            second -> assertThat(second).isEqualTo("select grüße($1)\n(another)"),
            query -> assertThat(query).isEqualTo("COMMIT"),
            forgotten -> assertThat(forgotten).isEqualTo("\n(none)"));
    assertThat(frames.stream().filter(Frame::last)).hasSize(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 11, 16, 33, 100, 10_000})
  void answersEndWhenTheServerIsReady(int length) {
    byte[] answer =
        all(
            message('1', ""),
            message('D', "\0\1a row"),
            message('C', "SELECT 1\0"),
            message('Z', "I"));
    List<Frame> frames = cut(new PostgresTalk().server(), answer, length);

    assertThat(joined(frames)).isEqualTo(answer);
    assertThat(frames).extracting(Frame::last).containsExactly(false, false, false, true);
    assertThat(frames.get(1).text()).contains("a row");
  }

  @Test
  void aLongMessageCostsWhatItIsLong() {
    byte[] start = untyped(PROTOCOL_3, "user\0me\0\0");
    byte[] bind = message('B', "\0\0" + "x".repeat(4 << 20));
    byte[] all = all(start, bind);
    Framing client = new PostgresTalk().client();
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    List<Frame> frames = cut(client, all, 8192);

    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(joined(frames)).isEqualTo(all);
    assertThat(bytes).isLessThan(20L * all.length);
  }

  @Test
  void anAnswerIsKnownForTheRequestThatItIsTo() {
    PostgresTalk talk = new PostgresTalk();
    byte[] asked =
        all(
            untyped(PROTOCOL_3, "user\0me\0\0"),
            message('p', "secret\0"),
            message('Q', "one\0"),
            message('F', "fast"),
            message('P', "\0two\0\0\0"),
            message('S', ""));
    byte[] answered =
        all(
            message('R', "...."),
            message('Z', "I"),
            message('D', "1"),
            message('Z', "I"),
            message('V', "f"),
            message('Z', "I"),
            message('D', "2"),
            message('Z', "I"));
    assertThat(talk.client().frames(asked, asked.length))
        .extracting(Frame::request)
        .containsExactly(0L, 1L, 1L, 2L, 3L, 3L);
    assertThat(talk.server().frames(answered, answered.length))
        .extracting(Frame::request)
        .containsExactly(0L, 0L, 1L, 1L, 2L, 2L, 3L, 3L);
  }

  @Test
  void aSyncThatComesBeforeCopiedDataIsNoRequest() {
    PostgresTalk talk = new PostgresTalk();
    byte[] asked =
        all(
            untyped(PROTOCOL_3, "user\0me\0\0"),
            message('P', "\0COPY word FROM STDIN\0\0\0"),
            message('B', "\0\0"),
            message('E', "\0"),
            message('S', ""),
            message('d', "one"),
            message('S', ""),
            message('d', "two"),
            message('c', ""),
            message('S', ""),
            message('Q', "COPY word FROM STDIN\0"),
            message('d', "three"),
            message('f', "enough\0"),
            message('Q', "select 1\0"));
    assertThat(talk.client().frames(asked, asked.length).stream().map(Frame::request))
        .containsExactly(0L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 1L, 2L, 3L, 3L, 3L);
  }

  @Test
  void whatIsNoPostgresPassesAsItComes() {
    for (byte[] odd :
        List.of(
            new byte[] {0, 0, 0, 5, 1, 2, 3, 4, 5},
            new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0},
            all(untyped(PROTOCOL_3, ""), new byte[] {'Q', 0, 0, 0, 0, 7, 7, 7}),
            all(untyped(PROTOCOL_3, ""), new byte[] {'Q', 127, -1, -1, -1, 7, 7, 7}),
            all(untyped(PROTOCOL_3, ""), new byte[] {'Q', -1, -1, -1, -2, 7, 7, 7}))) {
      assertThat(joined(cut(new PostgresTalk().client(), odd, 100))).isEqualTo(odd);
    }
  }

  @Test
  void aServerThatRefusesEncryptionIsReadOn() {
    PostgresTalk talk = new PostgresTalk();
    Framing client = talk.client();
    byte[] ssl = untyped(SSL_REQUEST, "");
    assertThat(client.frames(ssl, ssl.length)).hasSize(1);
    assertThat(talk.server().frames(new byte[] {'N'}, 1)).hasSize(1);
    byte[] session = session();
    assertThat(client.frames(session, session.length)).hasSize(13);
  }

  @Test
  void whatIsEncryptedPassesAsItComes() {
    PostgresTalk talk = new PostgresTalk();
    Framing client = talk.client();
    Framing server = talk.server();
    byte[] ssl = untyped(SSL_REQUEST, "");
    assertThat(client.frames(ssl, ssl.length)).hasSize(1);
    assertThat(server.frames(new byte[] {'S'}, 1)).hasSize(1);
    byte[] hello = {22, 3, 1, 2, 0};
    for (Framing framing : List.of(client, server, new PostgresTalk().client())) {
      assertThat(joined(framing.frames(hello, hello.length))).isEqualTo(hello);
      assertThat(framing.frames(hello, 3)).extracting(Frame::text).containsExactly("");
    }
  }
}
