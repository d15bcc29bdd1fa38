package io.deriver.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The messages of conversations, in the order in which they were said; endless. */
public record Lines(List<Line> lines) {

  private static final int CONVERSATIONS = 120;
  private static final int MADE_UP = 3_000;

  public Lines {
    lines = List.copyOf(lines);
  }

  /** A line of the file; other fields of it are passed over. */
  public record Line(String conversation, String at, String speaker, String text) {}

  /** Of a file of JSON lines. */
  public static Lines of(Path file) {
    ObjectReader json = new ObjectMapper().readerFor(Line.class);
    List<Line> lines = new ArrayList<>();
    try (Stream<String> texts = Files.lines(file)) {
      for (String text : (Iterable<String>) texts::iterator) {
        lines.add(json.readValue(text));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read as conversations", e);
    }
    return new Lines(lines);
  }

  /** Made up: few conversations, a few of them with most of the messages. */
  public static Lines madeUp(long seed) {
    Random random = new Random(seed);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < MADE_UP; i++) {
      int conversation = (int) Math.abs(random.nextGaussian() * CONVERSATIONS / 3);
      lines.add(new Line("conversation:" + conversation, "", "speaker", "message " + i));
    }
    return new Lines(lines);
  }

  /** The line at this place; behind the last comes the first, of another conversation. */
  Line at(long place) {
    Line line = lines.get((int) (place % lines.size()));
    String round = "#" + place / lines.size();
    return new Line(line.conversation() + round, line.at(), line.speaker(), line.text());
  }
}
