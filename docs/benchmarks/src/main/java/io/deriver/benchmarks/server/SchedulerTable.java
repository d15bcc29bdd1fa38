package io.deriver.benchmarks.server;

import java.sql.SQLException;

/** The table of db-scheduler, as it says for Postgres. */
public final class SchedulerTable {

  public static final String NAME = Server.SCHEMA + ".scheduled_tasks";

  private SchedulerTable() {}

  /** Makes it. The columns and indexes that it asks for; no index for priorities, which are off. */
  public static void create(Server server) throws SQLException {
    server.execute(
        "CREATE SCHEMA " + Server.SCHEMA,
        """
        CREATE TABLE %s (
          task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
          execution_time timestamptz, picked boolean NOT NULL, picked_by text,
          last_success timestamptz, last_failure timestamptz, consecutive_failures int,
          last_heartbeat timestamptz, version bigint NOT NULL, priority smallint, state text,
          PRIMARY KEY (task_name, task_instance))
        """
            .formatted(NAME),
        "CREATE INDEX ON %s (execution_time)".formatted(NAME),
        "CREATE INDEX ON %s (last_heartbeat)".formatted(NAME));
  }
}
