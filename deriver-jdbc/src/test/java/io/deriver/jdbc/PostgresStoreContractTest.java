package io.deriver.jdbc;

import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.contract.WorkStoreContract;

/** Guards that Postgres answers as every store must. */
class PostgresStoreContractTest implements WorkStoreContract {

  private static final Db DB = Db.installed("contract");

  @Override
  public StoreHarness openStore() {
    return new PostgresHarness(DB, DB.queue());
  }
}
