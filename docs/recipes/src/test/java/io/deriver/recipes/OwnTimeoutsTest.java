package io.deriver.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards the table of docs/letting-go.md that tells what a client's own timeout ends: what it says
 * of this JDK is what happens on it. With {@code -Drecipes.write=true} it writes what it saw
 * instead.
 */
@Timeout(300)
class OwnTimeoutsTest {

  /** On a machine that stands still for a second, a call does not count. */
  private static final int TRIES = 20;

  private static final List<String> SHAPES =
      Stream.of(
              Address.SHAPES.subList(0, 2),
              HangingServer.SHAPES.keySet(),
              Address.SHAPES.subList(2, Address.SHAPES.size()))
          .flatMap(Collection::stream)
          .toList();

  @Test
  void whatTheyEnd() throws Exception {
    List<String> kinds = Kinds.here().stream().filter(Kinds.PLATFORM::contains).toList();
    assumeThat(kinds).as("the page tells nothing of this JDK").isNotEmpty();
    assumeThat(Connections.areListed()).as("the kernel lists its connections").isTrue();
    LimitProbe probe = new LimitProbe();
    try (HangingServer server = new HangingServer();
        Addresses addresses = new Addresses()) {
      for (Client client : Clients.at(server.url())) {
        client.warmUp();
      }
      List<Cell> cells = new ArrayList<>();
      for (Limit limit : Clients.limitsAt(server.url())) {
        SHAPES.forEach(shape -> cells.add(new Cell(limit.client(), limit.setting(), shape)));
      }
      Measured.compareOrWrite(
          new Page("timeouts", "its own timeout", Kinds.PLATFORM),
          kinds.get(0),
          cells,
          (cell, number, expected) -> {
            String word = LimitProbe.SLOW;
            for (long i = number * TRIES; word.equals(LimitProbe.SLOW); i++) {
              assertThat(i).as("slow calls").isLessThan((number + 1) * TRIES);
              word =
                  HangingServer.SHAPES.containsKey(cell.shape())
                      ? atServer(probe, cell, i, expected, server)
                      : atAddress(probe, cell, i, expected, addresses.add(cell.shape()));
            }
            return word;
          });
    }
  }

  private static String atServer(
      LimitProbe probe, Cell cell, long number, @Nullable String expected, HangingServer server)
      throws InterruptedException {
    String id = HangingServer.prompt(cell.shape(), number);
    return probe.measure(usual(server.url(), cell), id, server, expected);
  }

  private static String atAddress(
      LimitProbe probe, Cell cell, long number, @Nullable String expected, Address address)
      throws InterruptedException {
    Client.Usual usual = usual(address.url(), cell);
    return probe.measure(
        address.isReused() ? usual.reused() : usual, "call " + number, address, expected);
  }

  private static Client.Usual usual(String url, Cell cell) {
    return Clients.limitsAt(url).stream()
        .filter(limit -> limit.client().equals(cell.client()))
        .filter(limit -> limit.setting().equals(cell.way()))
        .findFirst()
        .orElseThrow()
        .usual();
  }
}
