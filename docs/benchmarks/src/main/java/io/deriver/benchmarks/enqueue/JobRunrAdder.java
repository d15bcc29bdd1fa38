package io.deriver.benchmarks.enqueue;

import io.deriver.benchmarks.drain.NoopJob;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr's scheduler: a job request for each item. */
final class JobRunrAdder implements Adder {

  private final JobRequestScheduler scheduler;

  JobRunrAdder(Server server, DataSource connections) throws SQLException {
    server.execute("CREATE SCHEMA " + Server.SCHEMA);
    StorageProvider storage =
        new PostgresStorageProvider(connections, Server.SCHEMA + ".", DatabaseOptions.CREATE);
    storage.setJobMapper(new JobMapper(new JacksonJsonMapper()));
    scheduler = new JobRequestScheduler(storage);
  }

  @Override
  public void add(List<String> keys, List<String> payloads) {
    if (keys.size() == 1) {
      scheduler.enqueue(new NoopJob(keys.get(0), payloads.get(0)));
    } else {
      scheduler.enqueue(
          IntStream.range(0, keys.size()).mapToObj(i -> new NoopJob(keys.get(i), payloads.get(i))));
    }
  }

  @Override
  public String table() {
    return Server.SCHEMA + ".jobrunr_jobs";
  }

  @Override
  public void close() {
    scheduler.shutdown();
  }
}
