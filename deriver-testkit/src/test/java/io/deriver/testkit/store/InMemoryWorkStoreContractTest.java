package io.deriver.testkit.store;

import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.contract.WorkStoreContract;
import java.time.Duration;

/** Guards that the store in memory answers as every store must. */
class InMemoryWorkStoreContractTest implements WorkStoreContract {

  @Override
  public StoreHarness openStore() {
    return new InMemoryHarness();
  }

  @Override
  public StoreHarness openStoreThatKeeps(Duration keep) {
    return new InMemoryHarness().keeping(keep);
  }
}
