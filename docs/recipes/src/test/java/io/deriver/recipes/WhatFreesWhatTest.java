package io.deriver.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Guards the tables of docs/letting-go.md: what they say of this JDK is what happens on it. With
 * {@code -Drecipes.write=true} it writes what it saw instead.
 */
@Timeout(300)
class WhatFreesWhatTest {

  private static final boolean WRITE = Boolean.getBoolean("recipes.write");

  /**
   * An interrupt that lands between two reads of a client now and then does what it seldom does.
   */
  private static final int TRIES = 3;

  @BeforeEach
  void thePageKnowsThisJdk() {
    assumeThat(Kinds.here()).as("the page tells nothing of this JDK").isNotEmpty();
  }

  @Test
  void callsOfClients() throws Exception {
    for (String kind : Kinds.here()) {
      try (HangingServer server = new HangingServer()) {
        List<Client> clients = new ArrayList<>(new HttpClients(server.url()).all());
        clients.addAll(new SdkClients(server.url()).all());
        clients.addAll(new LangChainClients(server.url()).all());
        Collection<String> shapes = HangingServer.SHAPES.keySet();
        measure("clients", kind, clients, shapes, server, HangingServer::prompt);
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

  /** All cells at once: all that they do is wait. */
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
    Page page = new Page(table);
    Map<Cell, String> said = page.words(kind);
    Map<Cell, Future<String>> measuring = new LinkedHashMap<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    for (Client client : clients) {
      for (String way : client.ways()) {
        for (String shape : shapes) {
          Cell cell = new Cell(client.name(), way, shape);
          String expected = WRITE ? null : said.get(cell);
          long first = (long) measuring.size() * TRIES;
          Callable<String> measure =
              () -> {
                String word = "";
                for (int i = 0; i < (expected == null ? 1 : TRIES) && !word.equals(expected); i++) {
                  String id = idOf.apply(shape, first + i);
                  boolean virtual = kind.equals(Kinds.VIRTUAL);
                  word = new Probe(cell, client, peer, virtual, expected).measure(id).word;
                }
                return word;
              };
          measuring.put(cell, threads.submit(measure));
        }
      }
    }
    Map<Cell, String> seen = new LinkedHashMap<>();
    for (Map.Entry<Cell, Future<String>> one : measuring.entrySet()) {
      seen.put(one.getKey(), one.getValue().get());
    }
    threads.shutdown();
    if (WRITE) {
      page.write(kind, seen);
    } else {
      assertThat(said).as("what the page says of %s", kind).isEqualTo(seen);
    }
  }
}
