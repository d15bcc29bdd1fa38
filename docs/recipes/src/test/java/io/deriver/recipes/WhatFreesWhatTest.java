package io.deriver.recipes;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards the tables of docs/letting-go.md that tell what frees what: what they say of this JDK is
 * what happens on it. With {@code -Drecipes.write=true} it writes what it saw instead.
 */
@Timeout(300)
class WhatFreesWhatTest {

  /** So many calls may begin at a time: their own limits are not to pass while they do. */
  private static final int SOME = 20;

  @BeforeEach
  void thePageKnowsThisJdk() {
    assumeThat(Kinds.here()).as("the page tells nothing of this JDK").isNotEmpty();
  }

  @Test
  void callsOfClients() throws Exception {
    for (String kind : Kinds.here()) {
      try (HangingServer server = new HangingServer()) {
        List<Client> clients = Clients.at(server.url());
        Collection<String> shapes = HangingServer.SHAPES.keySet();
        measure("clients", kind, clients, shapes, server, HangingServer::prompt);
      }
    }
  }

  @Test
  void callsOfClientsToAddressesOfTheirOwn() throws Exception {
    assumeThat(Connections.areListed()).as("the kernel lists its connections").isTrue();
    Semaphore way = new Semaphore(SOME);
    try (HangingServer server = new HangingServer()) {
      for (Client client : Clients.at(server.url())) {
        client.warmUp();
      }
      List<Cell> cells = cells(Clients.at(server.url()), Address.SHAPES);
      for (String kind : Kinds.here()) {
        try (Addresses addresses = new Addresses()) {
          Measured.compareOrWrite(
              new Page("addresses"),
              kind,
              cells,
              (cell, number, expected) -> {
                Address address = addresses.add(cell.shape());
                Client client = named(Clients.at(address.url()), cell.client());
                Client once = address.isReused() ? client.reused() : client;
                return new Probe(cell, once, address, isVirtual(kind), expected, way)
                    .measure("call " + number)
                    .word;
              });
        }
      }
    }
  }

  @Test
  void statements() throws Exception {
    for (String kind : Kinds.here()) {
      try (HangingDatabase database = new HangingDatabase()) {
        List<Client> clients = List.of(database.client());
        Collection<String> shapes = HangingDatabase.SHAPES;
        measure("statements", kind, clients, shapes, database, HangingDatabase::statement);
      }
    }
  }

  private static void measure(
      String table,
      String kind,
      List<Client> clients,
      Collection<String> shapes,
      Peer peer,
      BiFunction<String, Long, String> idOf)
      throws Exception {
    for (Client client : clients) {
      client.warmUp();
    }
    Semaphore way = new Semaphore(SOME);
    Measured.compareOrWrite(
        new Page(table),
        kind,
        cells(clients, shapes),
        (cell, number, expected) ->
            new Probe(cell, named(clients, cell.client()), peer, isVirtual(kind), expected, way)
                .measure(idOf.apply(cell.shape(), number))
                .word);
  }

  private static boolean isVirtual(String kind) {
    return kind.equals(Kinds.VIRTUAL);
  }

  private static Client named(List<Client> clients, String name) {
    return clients.stream().filter(client -> client.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<Cell> cells(List<Client> clients, Collection<String> shapes) {
    List<Cell> cells = new ArrayList<>();
    for (Client client : clients) {
      for (String way : client.ways()) {
        shapes.forEach(shape -> cells.add(new Cell(client.name(), way, shape)));
      }
    }
    return cells;
  }
}
