package io.deriver.testkit.store.contract;

import java.time.Duration;

/** What the parts of the contract share: the store to test. */
public interface StoreContract {

  /** An empty store; the test that asked for it closes it. */
  StoreHarness openStore();

  /** The same of a store that keeps for so long what has ended. */
  StoreHarness openStoreThatKeeps(Duration keep);

  /** A bench around an empty store. */
  default Bench bench() {
    return new Bench(openStore());
  }
}
