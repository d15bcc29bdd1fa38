package io.deriver.benchmarks.pickup;

import io.deriver.benchmarks.server.FloorTable;
import io.deriver.benchmarks.server.Server;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** An INSERT that notifies, and a connection that waits for notifications as the library's does. */
final class PlainWay implements Way {

  private static final String CHANNEL = "bench_plain";
  private static final int WAIT_MILLIS = 100;
  private static final String INSERT =
      "INSERT INTO %s (type, key, payload) VALUES ('noop', ?, ?) RETURNING id, pg_notify('%s', '')"
          .formatted(FloorTable.NAME, CHANNEL);

  private final Arrivals arrivals = new Arrivals();
  private final CountDownLatch listens = new CountDownLatch(1);
  private final Connection adding;
  private final Connection listening;
  private final PreparedStatement insert;
  private final Thread listener;
  private volatile boolean closed;
  private volatile @Nullable SQLException failure;

  PlainWay(Server server) throws SQLException, InterruptedException {
    server.execute("DROP SCHEMA IF EXISTS %s CASCADE".formatted(Server.SCHEMA));
    FloorTable.create(server);
    adding = server.control();
    listening = server.control();
    insert = adding.prepareStatement(INSERT);
    listener = new Thread(this::listen, "bench-listen");
    listener.setDaemon(true);
    listener.start();
    listens.await();
  }

  private void listen() {
    try (Statement statement = listening.createStatement()) {
      statement.execute("LISTEN " + CHANNEL);
      listens.countDown();
      PGConnection connection = listening.unwrap(PGConnection.class);
      while (!closed) {
        var heard = connection.getNotifications(WAIT_MILLIS);
        if (heard != null && heard.length > 0) {
          arrivals.now();
        }
      }
    } catch (SQLException e) {
      failure = e;
      listens.countDown();
    }
  }

  @Override
  public boolean isIdle() throws SQLException {
    SQLException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return true;
  }

  @Override
  public void add(int number) throws SQLException {
    insert.setString(1, "key" + number);
    insert.setString(2, "\"payload\"");
    insert.executeQuery().close();
  }

  @Override
  public long heard() throws InterruptedException {
    return arrivals.take();
  }

  @Override
  public void close() throws SQLException {
    closed = true;
    try {
      listener.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listening.close();
    adding.close();
  }
}
