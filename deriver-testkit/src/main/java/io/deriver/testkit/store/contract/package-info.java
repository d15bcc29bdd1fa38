/**
 * What every store must do, as JUnit 5 tests. A store's own module writes a {@link
 * io.deriver.testkit.store.contract.StoreHarness} and a test class that implements {@link
 * io.deriver.testkit.store.contract.WorkStoreContract}.
 */
@NullMarked
package io.deriver.testkit.store.contract;

import org.jspecify.annotations.NullMarked;
