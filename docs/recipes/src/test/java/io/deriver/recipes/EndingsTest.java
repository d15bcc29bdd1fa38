package io.deriver.recipes;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.llm.FakeLlmServer;
import io.deriver.testkit.llm.Reply;
import io.deriver.testkit.llm.ServerHang;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards the table of docs/letting-go.md that tells what a client makes of an answer that is none:
 * what it says of this JDK is what happens on it. With {@code -Drecipes.write=true} it writes what
 * it saw instead.
 */
@Timeout(300)
class EndingsTest {

  private static final String WAITS = "waits";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(10);

  private static final Map<String, ServerHang> SHAPES =
      Map.of(
          HangShape.STREAM_TRUNCATED.title(), ServerHang.STREAM_TRUNCATED,
          HangShape.RETRY_AFTER_DAYS.title(), ServerHang.RETRY_AFTER_DAYS);

  private final FakeLlmServer server = new FakeLlmServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whatClientsMakeOfThem() throws Exception {
    List<String> kinds = Kinds.here().stream().filter(Kinds.PLATFORM::contains).toList();
    assumeThat(kinds).as("the page tells nothing of this JDK").isNotEmpty();
    SHAPES.values().forEach(s -> server.whenPromptContains(s.name(), Reply.hang(s)));
    Map<String, Client> clients = new LinkedHashMap<>();
    List<Cell> cells = new ArrayList<>();
    for (Client client : Clients.at(server.start().baseUrl())) {
      client.warmUp();
      clients.put(client.name(), client);
      new TreeSet<>(SHAPES.keySet())
          .forEach(shape -> cells.add(new Cell(client.name(), "", shape)));
    }
    Measured.compareOrWrite(
        new Page("endings", "", Kinds.PLATFORM),
        kinds.get(0),
        cells,
        (cell, number, expected) -> {
          Client client = Objects.requireNonNull(clients.get(cell.client()));
          String id = SHAPES.get(cell.shape()) + " " + number;
          String usual = "usual " + id;
          String recipe = "recipe " + id;
          long until = System.nanoTime() + (WAITS.equals(expected) ? SHORT : LONG).toNanos();
          Caller usualCall = Caller.start(() -> client.usual().call(usual, new Handles()), false);
          Caller recipeCall =
              Caller.start(
                  () -> Objects.requireNonNull(client.recipe().call(recipe, new EndedRun())),
                  false);
          String word = word(usualCall, usual, until);
          String byRecipe = word(recipeCall, recipe, until);
          return word.equals(byRecipe) ? word : word + " but by the recipe " + byRecipe;
        });
  }

  private String word(Caller call, String id, long until) throws InterruptedException {
    if (!call.isBackWithin(Duration.ofNanos(until - System.nanoTime()))) {
      return WAITS;
    }
    long calls = server.requests().stream().filter(r -> r.prompt().equals(id)).count();
    String word = call.thrown() == null ? "no error" : "error";
    return calls == 1 ? word : word + " after " + calls + " calls";
  }
}
