package io.deriver.benchmarks.pickup;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.Health;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.WorkUnit;
import io.deriver.benchmarks.server.Server;
import io.deriver.jdbc.PostgresQueue;
import javax.sql.DataSource;

/** The library at its defaults: an enqueue, and a pool that begins to process. */
final class PoolWay implements Way {

  private static final ItemType<String> NOOP = ItemType.of("noop", String.class);
  private static final int DUTIES = 5;

  private final Arrivals arrivals = new Arrivals();
  private final HikariDataSource host;
  private final HikariDataSource duties;
  private final PostgresQueue adding;
  private final Pool pool;

  /**
   * @param apart whether the pool belongs to another queue object than the one that items are added
   *     by, as in another process: then only the database tells it
   */
  PoolWay(Server server, boolean apart) {
    host = server.connections("bench-add", 1);
    duties = server.connections("bench-work", DUTIES);
    adding = queue(host, duties);
    pool =
        Pool.builder((apart ? queue(host, duties) : adding).store())
            .name("bench")
            .processor(NOOP, (unit, run) -> begun(unit))
            .start();
  }

  private static PostgresQueue queue(DataSource host, DataSource duties) {
    return PostgresQueue.builder(host)
        .maintenanceDataSource(duties)
        .schema(Server.SCHEMA)
        .installSchema()
        .build();
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
    adding.enqueue(Item.of(NOOP, "key" + number, "payload"));
  }

  @Override
  public long heard() throws InterruptedException {
    return arrivals.take();
  }

  @Override
  public void close() {
    pool.close();
    duties.close();
    host.close();
  }
}
