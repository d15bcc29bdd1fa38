package io.deriver.benchmarks.enqueue;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.deriver.benchmarks.server.SchedulerTable;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** db-scheduler's client: a one-time task for each item, whose id is the key. */
final class SchedulerAdder implements Adder {

  private final OneTimeTask<String> task =
      Tasks.oneTime("noop", String.class).execute((instance, context) -> {});
  private final SchedulerClient client;

  SchedulerAdder(Server server, DataSource connections) throws SQLException {
    SchedulerTable.create(server);
    client =
        SchedulerClient.Builder.create(connections, task).tableName(SchedulerTable.NAME).build();
  }

  @Override
  public void add(List<String> keys, List<String> payloads) {
    if (keys.size() == 1) {
      client.scheduleIfNotExists(task.instance(keys.get(0), payloads.get(0)), Instant.now());
      return;
    }
    List<TaskInstance<?>> all = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      all.add(task.instance(keys.get(i), payloads.get(i)));
    }
    client.scheduleBatch(all, Instant.now());
  }

  @Override
  public String table() {
    return SchedulerTable.NAME;
  }
}
