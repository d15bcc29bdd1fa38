package io.deriver.benchmarks.drain;

import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.server.JobActivator;

/** What JobRunr is asked to do: nothing. */
public record NoopJob(String key, String payload) implements JobRequest {

  @Override
  public Class<Handler> getJobRequestHandler() {
    return Handler.class;
  }

  /** Counts its runs. Thread-safe. */
  public static final class Handler implements JobRequestHandler<NoopJob> {

    private final Countdown runs;

    Handler(Countdown runs) {
      this.runs = runs;
    }

    @Override
    public void run(NoopJob job) {
      runs.one();
    }

    Countdown runs() {
      return runs;
    }

    JobActivator activator() {
      return new JobActivator() {
        @Override
        public <T> T activateJob(Class<T> type) {
          return type.cast(Handler.this);
        }
      };
    }
  }
}
