package io.deriver.examples;

import static io.deriver.testkit.catalogue.HangShape.ANSWERS_LATE;
import static io.deriver.testkit.catalogue.HangShape.BODY_STALLS;
import static io.deriver.testkit.catalogue.HangShape.CONNECT_NEVER_COMPLETES;
import static io.deriver.testkit.catalogue.HangShape.DEAD_POOLED_CONNECTION;
import static io.deriver.testkit.catalogue.HangShape.ENDLESS_OUTPUT;
import static io.deriver.testkit.catalogue.HangShape.HALF_OPEN;
import static io.deriver.testkit.catalogue.HangShape.HANDSHAKE_NEVER_ANSWERED;
import static io.deriver.testkit.catalogue.HangShape.HEADERS_NEVER_COME;
import static io.deriver.testkit.catalogue.HangShape.KEEP_ALIVES_FOR_EVER;
import static io.deriver.testkit.catalogue.HangShape.RETRY_AFTER_DAYS;
import static io.deriver.testkit.catalogue.HangShape.STREAM_NEVER_ENDS;
import static io.deriver.testkit.catalogue.HangShape.STREAM_TRUNCATED;
import static io.deriver.testkit.catalogue.HangShape.TOKENS_DRIP_FOR_EVER;

import io.deriver.examples.Stroke.Asks;
import io.deriver.examples.Stroke.Fails;
import io.deriver.examples.Stroke.Gone;
import io.deriver.examples.Stroke.Limit;
import io.deriver.examples.Stroke.Lost;
import io.deriver.examples.Stroke.Repeats;
import io.deriver.examples.Stroke.Says;
import io.deriver.examples.Stroke.Silence;
import io.deriver.testkit.catalogue.HangShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What each shape of the network looks like on the wire. */
final class Timelines {

  private static final Limit FIRST_PROGRESS = new Limit("firstProgressTimeout");
  private static final Limit IDLE = new Limit("idleTimeout");
  private static final Limit TIMEOUT = new Limit("timeout");
  private static final Silence SILENCE = new Silence();
  private static final Says STATUS = new Says("200");

  static final Map<HangShape, List<Stroke>> ALL =
      Map.ofEntries(
          Map.entry(
              CONNECT_NEVER_COMPLETES,
              List.of(
                  new Lost("connect"),
                  new Lost("again"),
                  new Lost("again"),
                  SILENCE,
                  FIRST_PROGRESS)),
          Map.entry(
              HANDSHAKE_NEVER_ANSWERED,
              List.of(new Asks("connect"), new Asks("ClientHello"), SILENCE, FIRST_PROGRESS)),
          Map.entry(HEADERS_NEVER_COME, asked(SILENCE, FIRST_PROGRESS)),
          Map.entry(BODY_STALLS, asked(STATUS, new Says("bytes"), SILENCE, IDLE)),
          Map.entry(
              STREAM_NEVER_ENDS,
              asked(STATUS, new Says("answer"), new Says("end marker"), SILENCE, IDLE)),
          Map.entry(KEEP_ALIVES_FOR_EVER, asked(STATUS, new Repeats("pings", 14), IDLE)),
          Map.entry(TOKENS_DRIP_FOR_EVER, asked(STATUS, new Repeats("words", 22), TIMEOUT)),
          Map.entry(ENDLESS_OUTPUT, asked(STATUS, new Repeats("words", 4), TIMEOUT)),
          Map.entry(HALF_OPEN, asked(STATUS, new Says("bytes"), new Gone(), SILENCE, IDLE)),
          Map.entry(
              STREAM_TRUNCATED,
              asked(STATUS, new Says("half"), new Says("end"), new Fails("no end marker: fails"))),
          Map.entry(
              RETRY_AFTER_DAYS,
              asked(new Says("429, Retry-After: 277403"), new Fails("fails at once"))),
          Map.entry(
              DEAD_POOLED_CONNECTION,
              asked(new Says("200, answer"), new Asks("request"), SILENCE, IDLE)),
          Map.entry(ANSWERS_LATE, asked(SILENCE, TIMEOUT, new Says("answer"))));

  private Timelines() {}

  private static List<Stroke> asked(Stroke... more) {
    List<Stroke> strokes = new ArrayList<>(List.of(new Asks("connect"), new Asks("request")));
    strokes.addAll(List.of(more));
    return List.copyOf(strokes);
  }
}
