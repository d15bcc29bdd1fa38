package io.deriver.benchmarks.server;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.ItemType;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;

/**
 * What the library needs to add items and to work them, at its defaults, in an empty schema.
 *
 * @param host the connection that items are added by
 * @param duties a pool's own connections
 */
public record Library(HikariDataSource host, HikariDataSource duties) implements AutoCloseable {

  /** The type of all items that this queue is given. */
  public static final ItemType<String> NOOP = ItemType.of("noop", String.class);

  private static final int POOL_CONNECTIONS = 5;

  /** Opens it; what was in the schema is gone. */
  public static Library on(Server server) throws SQLException {
    server.execute("DROP SCHEMA IF EXISTS %s CASCADE".formatted(Server.SCHEMA));
    return new Library(
        server.connections("bench-add", 1), server.connections("bench-work", POOL_CONNECTIONS));
  }

  /** A queue; another one is like that of another process. */
  public PostgresQueue queue() {
    return PostgresQueue.builder(host)
        .maintenanceDataSource(duties)
        .schema(Server.SCHEMA)
        .installSchema()
        .build();
  }

  @Override
  public void close() {
    duties.close();
    host.close();
  }
}
