package io.deriver.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.contract.WorkStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;

/**
 * Guards that Postgres, through a pool whose connections do not commit by themselves, answers as
 * every store must.
 */
class PostgresStoreContractTest implements WorkStoreContract {

  private static final Db DB = Db.installed("contract");
  private static final HikariDataSource POOL = pool();

  private static HikariDataSource pool() {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(DB.dataSource());
    pool.setMaximumPoolSize(200);
    pool.setMinimumIdle(5);
    pool.setAutoCommit(false);
    pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    return pool;
  }

  @AfterAll
  static void close() {
    POOL.close();
  }

  @Override
  public StoreHarness openStore() {
    return new PostgresHarness(DB, PostgresQueue.builder(POOL).schema(DB.schema()).build());
  }

  @Override
  public StoreHarness openStoreThatKeeps(Duration keep) {
    return new PostgresHarness(
        DB, PostgresQueue.builder(POOL).schema(DB.schema()).keepDone(keep).build());
  }
}
