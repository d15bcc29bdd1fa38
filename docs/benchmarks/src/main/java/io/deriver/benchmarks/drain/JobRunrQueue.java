package io.deriver.benchmarks.drain;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.benchmarks.measure.Parts;
import io.deriver.benchmarks.measure.Wait;
import io.deriver.benchmarks.server.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.StorageProviderUtils.DatabaseOptions;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr with job requests, which it adds as a stream. What is done stays in its table. */
final class JobRunrQueue implements Queue {

  private static final String JOBS = Server.SCHEMA + ".jobrunr_jobs";
  private static final int A_CALL = 1_000;
  private static final int OTHER_CONNECTIONS = 5;
  private static final Duration POLLING = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Server server;
  private final JsonMapper json = new JacksonJsonMapper();
  private final NoopJob.Handler handler;
  private final HikariDataSource connections;
  private final BackgroundJobServer workers;

  JobRunrQueue(Server server, int threads, int items) throws SQLException {
    this.server = server;
    server.execute("CREATE SCHEMA " + Server.SCHEMA);
    handler = new NoopJob.Handler(new Countdown(items));
    connections = server.connections(Drain.WORKING, threads + OTHER_CONNECTIONS);
    workers =
        new BackgroundJobServer(
            storage(connections, DatabaseOptions.CREATE),
            json,
            handler.activator(),
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andName("bench")
                .andPollInterval(POLLING)
                .andWorkerCount(threads));
  }

  private StorageProvider storage(HikariDataSource source, DatabaseOptions options) {
    StorageProvider storage = new PostgresStorageProvider(source, Server.SCHEMA + ".", options);
    storage.setJobMapper(new JobMapper(json));
    return storage;
  }

  @Override
  public void load(List<String> keys, List<String> payloads) {
    List<NoopJob> all =
        IntStream.range(0, keys.size())
            .mapToObj(i -> new NoopJob(keys.get(i), payloads.get(i)))
            .toList();
    try (HikariDataSource loading = server.connections(Drain.LOADING, 1)) {
      JobRequestScheduler scheduler =
          new JobRequestScheduler(storage(loading, DatabaseOptions.SKIP_CREATE));
      Parts.of(all, A_CALL).forEach(part -> scheduler.enqueue(part.stream()));
      scheduler.shutdown();
    }
  }

  @Override
  public void drain() throws Exception {
    workers.start();
    handler.runs().await();
    // It writes what became of a job after the run; its index on the state makes asking cheap.
    String left =
        "SELECT count(*) %s FROM %s WHERE state IN ('ENQUEUED', 'PROCESSING')"
            .formatted(Server.CONTROL, JOBS);
    Wait.until("the last jobs to be done", PATIENCE, () -> server.value(left).equals("0"));
  }

  @Override
  public String table() {
    return "(SELECT FROM %s WHERE state <> 'SUCCEEDED') AS undone".formatted(JOBS);
  }

  @Override
  public void close() {
    workers.stop();
    connections.close();
  }
}
