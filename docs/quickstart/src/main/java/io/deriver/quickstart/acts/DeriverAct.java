package io.deriver.quickstart.acts;

import io.deriver.Health;
import io.deriver.Pool;
import io.deriver.quickstart.Schemas;
import io.deriver.quickstart.Settings;
import io.deriver.quickstart.Summaries;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.host.DeadLetters;
import io.deriver.quickstart.host.SummaryService;
import io.deriver.quickstart.host.Troubles;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.llm.Summarizer;
import io.deriver.quickstart.report.Progress;
import io.deriver.quickstart.report.Watch;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/** The act of deriver, in schemas of its own. */
public final class DeriverAct {

  private final SummaryService service;
  private final Summaries summaries;
  private final Settings settings;
  private final DeadLetters deadLetters;

  /** An act in these schemas, which must be new. */
  public DeriverAct(DataSource database, Schemas schemas, Settings settings) throws SQLException {
    this.service = new SummaryService(database, schemas, settings);
    this.summaries = new Summaries(database, schemas.host());
    this.settings = settings;
    this.deadLetters = new DeadLetters(service.queue());
  }

  /**
   * Feeds the service while its pool works, and watches it until every message has ended.
   *
   * @param poisoned the conversations that have a poisoned message
   */
  public Played play(Input input, Set<String> poisoned, Terms terms, Llm llm, Summarizer summarizer)
      throws SQLException, InterruptedException {
    Set<String> healthy = new HashSet<>(input.conversations().keySet());
    int messages = input.lines().size();
    healthy.removeAll(poisoned);
    int callsBefore = llm.callCount();
    RunLedger ledger = new RunLedger(settings.slots(), healthy);
    try (Pool pool = service.pool(summarizer).listener(ledger).listener(new Troubles()).start()) {
      long start = System.nanoTime();
      service.feed(input);
      Duration fedAfter = Duration.ofNanos(System.nanoTime() - start);
      Watch.Seen seen = watch(messages, terms, ledger);
      Llm.Calls calls = llm.callsAfter(callsBefore);
      Savings savings = Savings.of(ledger.ended(), service.units().count(), calls);
      describe(ledger, pool.health(), savings);
      Figures figures =
          new Figures(
              "deriver",
              messages,
              ledger.summarized(),
              fedAfter.plus(seen.took()),
              ledger.timeouts(),
              ledger.reuse().toString(),
              ledger.abandoned(),
              summaries.workedTwice(),
              calls,
              ledger.deadLettered());
      return new Played(figures, savings);
    }
  }

  /** What was seen, for the table and beside it. */
  public record Played(Figures figures, Savings savings) {}

  private static Watch.Seen watch(int goal, Terms terms, RunLedger ledger)
      throws InterruptedException {
    try (Progress progress = Progress.of("messages", goal)) {
      return new Watch(goal, terms.toTheEnd(), terms.toTheEnd()).until(ledger::ended, progress);
    }
  }

  private void describe(RunLedger ledger, Health health, Savings savings) {
    System.out.printf(
        "  Timeouts: %d. Threads abandoned and not back: %d. While healthy conversations waited, second and%n"
            + "  third attempts held at most %d of the %d slots. Liveness of the pool: %s.%n",
        ledger.timeouts(),
        ledger.abandoned(),
        ledger.mostRetriesWhileHealthyWaited(),
        settings.slots(),
        health.liveness());
    System.out.println(savings.toString().indent(2).stripTrailing());
    System.out.printf("  Dead letters, and where they hung:%n");
    deadLetters.print();
  }
}
