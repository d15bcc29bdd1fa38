package io.deriver.examples;

import io.deriver.examples.Stroke.Asks;
import io.deriver.examples.Stroke.Fails;
import io.deriver.examples.Stroke.Gone;
import io.deriver.examples.Stroke.Limit;
import io.deriver.examples.Stroke.Lost;
import io.deriver.examples.Stroke.Repeats;
import io.deriver.examples.Stroke.Says;
import java.util.List;
import java.util.Locale;

/**
 * A timeline as SVG: a lane for the client, one for the server, time to the right. The colours are
 * of a lightness that is read on a light page and on a dark one.
 */
final class TimelineSvg {

  private static final int WIDTH = 350;
  private static final int LIMIT_AT = 286;
  private static final int START = 44;
  private static final int CLIENT = 22;
  private static final int SERVER = 60;
  private static final int SLANT = 12;
  private static final int STEP = 24;
  private static final int GAP = 10;
  private static final String DOWNWARDS = "m-5-5l5 5l1-6";
  private static final String UPWARDS = "m-5 5l5-5l1 6";
  private static final String SILENCE = "silence";
  private static final double LETTER = 5.6;

  private final StringBuilder arrows = new StringBuilder();
  private final StringBuilder dashes = new StringBuilder();
  private final StringBuilder marks = new StringBuilder();
  private final StringBuilder texts = new StringBuilder();
  private int x = START + 4;
  private int clientText = START;
  private int serverText = START;
  private int serverEnd = WIDTH;
  private boolean repeats;

  private TimelineSvg() {}

  static String of(String title, List<Stroke> strokes) {
    TimelineSvg picture = new TimelineSvg();
    strokes.forEach(picture::add);
    return picture.svg(title);
  }

  private void add(Stroke stroke) {
    if (stroke instanceof Asks asks) {
      asks(asks.label());
      arrow(CLIENT, SERVER);
    } else if (stroke instanceof Says says) {
      says(says.label());
      arrow(SERVER, CLIENT);
    } else if (stroke instanceof Lost lost) {
      asks(lost.label());
      line(CLIENT, SERVER - 14);
      cross(x + SLANT, SERVER - 14);
    } else if (stroke instanceof Repeats again) {
      says(again.label());
      repeats = true;
      for (; x < WIDTH - SLANT; x += again.apart()) {
        arrow(SERVER, CLIENT);
      }
    } else if (stroke instanceof Gone) {
      x += STEP;
      serverEnd = x;
      cross(x, SERVER);
    } else if (stroke instanceof Limit limit) {
      limit(limit.label());
    } else if (stroke instanceof Fails fails) {
      end(Math.max(x + SLANT + GAP, serverText), fails.label());
    } else {
      silence();
    }
  }

  private void asks(String label) {
    x = Math.max(x + STEP, clientText);
    text(x, CLIENT - 7, "", label);
    clientText = x + width(label) + GAP;
  }

  private void says(String label) {
    x = Math.max(x + STEP, serverText);
    text(x, SERVER + 15, "", label);
    serverText = x + width(label) + GAP;
  }

  private void silence() {
    int from = Math.max(x + SLANT + GAP, Math.max(clientText, START));
    dashes.append("M%d %dH%d".formatted(from, (CLIENT + SERVER) / 2, WIDTH));
    text(from + 8, (CLIENT + SERVER) / 2 - 4, " font-style='italic'", SILENCE);
    x = from + 8 + width(SILENCE);
  }

  private void limit(String label) {
    if (!repeats && Math.max(x, serverText - GAP) > LIMIT_AT) {
      throw new IllegalStateException("no room left for the limit " + label);
    }
    end(LIMIT_AT, label);
  }

  private void end(int at, String label) {
    marks.append("M%d 8V%d".formatted(at, SERVER + 20));
    text(at, SERVER + 31, " class='l' text-anchor='middle'", label);
    x = at;
  }

  private void arrow(int from, int to) {
    line(from, to);
    arrows.append(from < to ? DOWNWARDS : UPWARDS);
  }

  private void line(int from, int to) {
    arrows.append("M%d %dL%d %d".formatted(x, from, x + SLANT, to));
  }

  private void cross(int atX, int atY) {
    marks.append("M%d %dl8 8m0-8l-8 8".formatted(atX - 4, atY - 4));
  }

  private static int width(String words) {
    return (int) (words.length() * LETTER);
  }

  private void text(int atX, int atY, String more, String words) {
    if (!words.isEmpty()) {
      texts.append("<text x='%d' y='%d'%s>%s</text>\n".formatted(atX, atY, more, words));
    }
  }

  private String svg(String title) {
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %1$d 96' width='%1$d' height='96' role='img'>
        <title>%2$s</title>
        <style>text{font:10px Verdana,sans-serif;fill:#737b85}path{fill:none;stroke:#737b85}.a{stroke:#3b82c4}\
        .l{fill:#d1493f;stroke:#d1493f}text.l{stroke:none}.d{stroke-dasharray:4 4}</style>
        <path d='M%3$d %4$dH%1$dM%3$d %5$dH%6$d'/>
        <path class='a' d='%7$s'/>
        <path class='d' d='%8$s'/>
        <path class='l' style='fill:none' d='%9$s'/>
        <text x='0' y='%10$d'>client</text>
        <text x='0' y='%11$d'>server</text>
        %12$s</svg>
        """,
        WIDTH,
        title,
        START,
        CLIENT,
        SERVER,
        serverEnd,
        arrows,
        dashes,
        marks,
        CLIENT + 4,
        SERVER + 4,
        texts);
  }
}
