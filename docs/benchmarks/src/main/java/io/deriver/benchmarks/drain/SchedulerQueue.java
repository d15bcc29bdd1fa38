package io.deriver.benchmarks.drain;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import io.deriver.benchmarks.measure.Parts;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.SchedulerTable;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * db-scheduler, as its page says for high throughput on Postgres: lock-and-fetch, refilled when as
 * many are left as there are threads, up to four times as many.
 */
final class SchedulerQueue implements Queue {

  private static final int A_CALL = 1_000;
  private static final double REFILL_AT = 1.0;
  private static final double FETCHED = 4.0;
  private static final int OTHER_CONNECTIONS = 3;
  private static final Duration POLLING = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Server server;
  private final Countdown runs;
  private final OneTimeTask<String> task;
  private final HikariDataSource connections;
  private final Scheduler scheduler;

  SchedulerQueue(Server server, int threads, int items) throws SQLException {
    this.server = server;
    SchedulerTable.create(server);
    runs = new Countdown(items);
    task = Tasks.oneTime("noop", String.class).execute((instance, context) -> runs.one());
    connections = server.connections(Drain.WORKING, threads + OTHER_CONNECTIONS);
    scheduler =
        Scheduler.create(connections, task)
            .tableName(SchedulerTable.NAME)
            .schedulerName(new SchedulerName.Fixed("bench"))
            .threads(threads)
            .pollUsingLockAndFetch(REFILL_AT, FETCHED)
            .pollingInterval(POLLING)
            .build();
  }

  @Override
  public void load(List<String> keys, List<String> payloads) {
    List<TaskInstance<?>> all = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      all.add(task.instance(keys.get(i), payloads.get(i)));
    }
    try (HikariDataSource loading = server.connections(Drain.LOADING, 1)) {
      SchedulerClient client =
          SchedulerClient.Builder.create(loading, task).tableName(SchedulerTable.NAME).build();
      for (List<TaskInstance<?>> part : Parts.of(all, A_CALL)) {
        client.scheduleBatch(part, Instant.now());
      }
    }
  }

  @Override
  public void drain() throws Exception {
    scheduler.start();
    runs.await();
    // It deletes a row after the run; few are left by now, so that asking costs nothing.
    Wait.until(
        "the last rows to be gone",
        PATIENCE,
        () ->
            server
                .value("SELECT count(*) %s FROM %s".formatted(Server.CONTROL, SchedulerTable.NAME))
                .equals("0"));
  }

  @Override
  public String table() {
    return SchedulerTable.NAME;
  }

  @Override
  public void close() {
    scheduler.stop();
    connections.close();
  }
}
