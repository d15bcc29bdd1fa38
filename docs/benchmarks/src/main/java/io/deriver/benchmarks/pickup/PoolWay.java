package io.deriver.benchmarks.pickup;

import io.deriver.Health;
import io.deriver.Item;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.WorkUnit;
import io.deriver.benchmarks.server.Library;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import java.sql.SQLException;

/** The library at its defaults: an enqueue, and a pool that begins to process. */
final class PoolWay implements Way {

  private final Arrivals arrivals = new Arrivals();
  private final Library library;
  private final PostgresQueue adding;
  private final Pool pool;

  /**
   * @param apart whether the pool belongs to another queue object than the one that items are added
   *     by, as in another process: then only the database tells it
   */
  PoolWay(Server server, boolean apart) throws SQLException {
    library = Library.on(server);
    adding = library.queue();
    pool =
        Pool.builder((apart ? library.queue() : adding).store())
            .name("bench")
            .processor(Library.NOOP, (unit, run) -> begun(unit))
            .start();
  }

  private Outcome begun(WorkUnit<String> unit) {
    unit.items().forEach(item -> arrivals.now());
    return Outcome.done();
  }

  @Override
  public boolean isIdle() {
    Health health = pool.health();
    return health.live() == 0
        && health.unwritten() == 0
        && health.readiness() == Health.Status.UP
        && quiet(health.duty("dispatcher"))
        && quiet(health.duty("outcome-writer"));
  }

  private static boolean quiet(Health.DutyInfo duty) {
    return duty.passing().isZero() && duty.sinceTick().compareTo(QUIET) >= 0;
  }

  @Override
  public void add(int number) {
    adding.enqueue(Item.of(Library.NOOP, "key" + number, "payload"));
  }

  @Override
  public long heard() throws InterruptedException {
    return arrivals.take();
  }

  @Override
  public void close() {
    pool.close();
    library.close();
  }
}
