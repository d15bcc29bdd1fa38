package io.deriver.benchmarks.drain;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.benchmarks.measure.Parts;
import io.deriver.benchmarks.server.FloorTable;
import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Written by hand: no keys, no attempts, no limits, nobody who takes back what a process left. */
final class FloorQueue implements Queue {

  private static final int A_CALL = 1_000;
  private static final int A_CLAIM = 100;
  private static final int THREADS = 4;
  private static final String OLDEST =
      "SELECT id FROM %s WHERE claimed_at IS NULL ORDER BY id LIMIT %d FOR UPDATE SKIP LOCKED"
          .formatted(FloorTable.NAME, A_CLAIM);
  private static final String CLAIM =
      "UPDATE %s SET claimed_at = now() WHERE id = ANY (ARRAY(%s)) RETURNING id, key, payload"
          .formatted(FloorTable.NAME, OLDEST);
  private static final String DELETE =
      "DELETE FROM %s WHERE id = ANY (?)".formatted(FloorTable.NAME);
  private static final String TAKE =
      "DELETE FROM %s WHERE id = ANY (ARRAY(%s)) RETURNING id, key, payload"
          .formatted(FloorTable.NAME, OLDEST);

  private final Server server;
  private final boolean claims;
  private final HikariDataSource connections;

  /**
   * @param claims whether items are claimed, committed, and deleted when they are done; if not,
   *     they are deleted at once, and are lost with a process that has not done them
   */
  FloorQueue(Server server, boolean claims) throws SQLException {
    this.server = server;
    this.claims = claims;
    FloorTable.create(server);
    connections = server.connections(Drain.WORKING, THREADS);
  }

  @Override
  public void load(List<String> keys, List<String> payloads) throws SQLException {
    List<List<String>> keyParts = Parts.of(keys, A_CALL);
    List<List<String>> payloadParts = Parts.of(payloads, A_CALL);
    try (HikariDataSource loading = server.connections(Drain.LOADING, 1);
        Connection connection = loading.getConnection()) {
      for (int i = 0; i < keyParts.size(); i++) {
        FloorTable.insertArrays(connection, keyParts.get(i), payloadParts.get(i));
      }
    }
  }

  @Override
  public void drain() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Callable<Void> worker = this::work;
      for (Future<Void> done : threads.invokeAll(Collections.nCopies(THREADS, worker))) {
        Void unused = done.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private Void work() throws SQLException {
    try (Connection connection = connections.getConnection();
        PreparedStatement claim = connection.prepareStatement(claims ? CLAIM : TAKE);
        PreparedStatement delete = connection.prepareStatement(DELETE)) {
      List<Long> claimed = claimed(claim);
      while (!claimed.isEmpty()) {
        if (claims) {
          delete.setArray(1, connection.createArrayOf("int8", claimed.toArray()));
          delete.executeUpdate();
        }
        claimed = claimed(claim);
      }
    }
    return null;
  }

  private static List<Long> claimed(PreparedStatement claim) throws SQLException {
    List<Long> ids = new ArrayList<>(A_CLAIM);
    try (ResultSet row = claim.executeQuery()) {
      while (row.next()) {
        ids.add(row.getLong("id"));
      }
    }
    return ids;
  }

  @Override
  public String table() {
    return FloorTable.NAME;
  }

  @Override
  public void close() {
    connections.close();
  }
}
