package io.deriver.quickstart.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The messages that the host service receives, in the order in which they were said, conversations
 * interleaved. Immutable.
 */
public record Input(List<Line> lines) {

  private static final String FILE = "/io/deriver/quickstart/conversations.jsonl";

  public Input {
    lines = List.copyOf(lines);
  }

  /** One line: a message and the conversation that it belongs to. */
  public record Line(String conversation, Message message) {}

  private record Json(String conversation, String at, String speaker, String text) {}

  /** All of the input that the module ships. */
  public static Input load() {
    ObjectReader reader = new ObjectMapper().readerFor(Json.class);
    List<Line> lines = new ArrayList<>();
    try (BufferedReader file =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Input.class.getResourceAsStream(FILE), FILE),
                StandardCharsets.UTF_8))) {
      for (String text = file.readLine(); text != null; text = file.readLine()) {
        Json json = reader.readValue(text);
        Message message = new Message(lines.size() + 1L, json.at(), json.speaker(), json.text());
        lines.add(new Line(json.conversation(), message));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Input(lines);
  }

  /** The lines of the conversations that pass. */
  public Input only(Predicate<String> conversation) {
    return new Input(
        lines.stream().filter(line -> conversation.test(line.conversation())).toList());
  }

  /** The messages of each conversation, conversations in the order of their first message. */
  public Map<String, List<Message>> conversations() {
    return lines.stream()
        .collect(
            Collectors.groupingBy(
                Line::conversation,
                LinkedHashMap::new,
                Collectors.mapping(Line::message, Collectors.toList())));
  }
}
