package io.deriver.quickstart.commands;

import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.quickstart.Database;
import io.deriver.quickstart.Schemas;
import io.deriver.quickstart.Settings;
import io.deriver.quickstart.host.SummaryService;
import io.deriver.quickstart.host.Troubles;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** {@code work}: works what is enqueued, beside other processes that do. */
public final class Work {

  private Work() {}

  /**
   * Works until the process is told to stop (SIGTERM, ctrl-C): live runs then may go on for the
   * drain limit, and what is left is given back.
   *
   * @param untilDone whether to end when nothing is pending any more
   */
  public static void run(Settings settings, boolean untilDone)
      throws SQLException, InterruptedException {
    try (Database database = Database.shared(settings);
        Llm llm = Llm.of(settings.llm(), settings.timeout());
        Summarizer summarizer = new Summarizer(llm.endpoint())) {
      SummaryService service = new SummaryService(database.dataSource(), Schemas.SHARED, settings);
      try (Pool pool =
          service
              .pool(summarizer)
              .listener(Work::tell)
              .listener(new Troubles())
              .drainOnShutdown(true)
              .start()) {
        System.out.printf(
            "Process %d works as '%s' on %d slots; T = %s. LLM: %s%n",
            ProcessHandle.current().pid(),
            pool.name(),
            settings.slots(),
            settings.timeout(),
            llm.endpoint());
        while (!untilDone || service.pending() > 0) {
          TimeUnit.SECONDS.sleep(1);
        }
      }
    }
  }

  private static void tell(PoolEvent event) {
    if (event instanceof PoolEvent.RunStarted e) {
      System.out.printf("started   %s, attempt %d%n", e.claim().key(), e.attempt());
    } else if (event instanceof PoolEvent.UnitCompleted e) {
      System.out.printf("done      %s, %d messages%n", e.claim().key(), e.items());
    } else if (event instanceof PoolEvent.RunTimedOut e) {
      System.out.printf("timed out %s, attempt %d%n", e.claim().key(), e.attempt());
    } else if (event instanceof PoolEvent.UnitDeadLettered e) {
      System.out.printf("set aside %s, after %d attempts%n", e.claim().key(), e.attempt());
    } else if (event instanceof PoolEvent.RunAbandoned e) {
      System.out.printf(
          "not back  %s, %d threads out, %d at most%n", e.claim().key(), e.abandoned(), e.cap());
    } else if (event instanceof PoolEvent.LateReturn e) {
      System.out.printf(
          "came back %s, %d threads still out%n", e.claim().key(), e.stillAbandoned());
    } else if (event instanceof PoolEvent.UnitReleased e) {
      System.out.printf("released  %s, %s%n", e.claim().key(), e.reason());
    } else if (event instanceof PoolEvent.ClaimReaped e) {
      System.out.printf("reaped    %s, %s%n", e.claim().key(), e.reason());
    }
  }
}
