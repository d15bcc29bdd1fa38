package io.deriver.quickstart.acts;

import io.deriver.quickstart.Sql;
import io.deriver.quickstart.Summaries;
import io.deriver.quickstart.data.Input;
import io.deriver.quickstart.legacy.LegacyPool;
import io.deriver.quickstart.legacy.LegacyQueue;
import io.deriver.quickstart.llm.Llm;
import io.deriver.quickstart.report.Progress;
import io.deriver.quickstart.report.Stacks;
import io.deriver.quickstart.report.Watch;
import java.sql.SQLException;
import java.util.function.Function;
import javax.sql.DataSource;

/** An act of a pool without deriver, in a schema of its own. */
final class LegacyAct {

  private final String name;
  private final Function<LegacyQueue, LegacyPool> makePool;
  private final LegacyQueue queue;
  private final Summaries summaries;

  /** An act in this schema, which must be new. */
  LegacyAct(
      String name, DataSource database, String schema, Function<LegacyQueue, LegacyPool> makePool)
      throws SQLException {
    this.name = name;
    this.makePool = makePool;
    this.summaries = new Summaries(database, schema);
    Sql.run(database, schema, Sql.file("legacy.sql"));
    this.queue = new LegacyQueue(database, schema);
  }

  /**
   * Feeds the pool and watches it until all is done, or until nothing happens any more.
   *
   * @param healthy the conversations that have no poisoned message
   */
  Figures play(Input input, int healthy, Terms terms, Llm llm)
      throws SQLException, InterruptedException {
    int callsBefore = llm.callCount();
    queue.add(input);
    try (LegacyPool pool = makePool.apply(queue)) {
      pool.start();
      Watch.Seen seen = watch(healthy, terms);
      describe(seen, pool, terms);
      return new Figures(
          name,
          input.lines().size(),
          queue.processed(),
          seen.took(),
          pool.timeouts(),
          pool.reuse().toString(),
          pool.leakedThreads(),
          summaries.workedTwice(),
          llm.callsAfter(callsBefore),
          0);
    }
  }

  private Watch.Seen watch(int goal, Terms terms) throws InterruptedException {
    try (Progress progress = Progress.of("conversations", goal)) {
      return new Watch(goal, terms.quiet(), terms.atMost())
          .until(summaries::conversations, progress);
    }
  }

  private static void describe(Watch.Seen seen, LegacyPool pool, Terms terms) {
    if (seen.still().compareTo(terms.quiet()) >= 0) {
      System.out.printf(
          "  Nothing has ended for %s (5 T). The threads that wait for the LLM:%n",
          Figures.seconds(seen.still()));
      Stacks.of(pool.threadPrefix())
          .forEach((stack, count) -> System.out.printf("    %d of them:%n%s%n", count, stack));
    }
    System.out.printf(
        "  Timeouts: %d. Claims taken away by the cleanup: %d. Threads given up and not back: %d.%n",
        pool.timeouts(), pool.takenAway(), pool.leakedThreads());
  }
}
