package io.deriver.testkit.store.contract;

/** What the parts of the contract share: the store to test. */
public interface StoreContract {

  /** An empty store; the test that asked for it closes it. */
  StoreHarness openStore();

  /** A bench around an empty store. */
  default Bench bench() {
    return new Bench(openStore());
  }
}
