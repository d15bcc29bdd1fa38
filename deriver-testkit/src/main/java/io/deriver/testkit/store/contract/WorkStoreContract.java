package io.deriver.testkit.store.contract;

/**
 * All that a store must do. Implement it in a test class:
 *
 * <pre>{@code
 * class MyStoreContractTest implements WorkStoreContract {
 *   @Override
 *   public StoreHarness openStore() {
 *     return new MyHarness();
 *   }
 *
 *   @Override
 *   public StoreHarness openStoreThatKeeps(Duration keep) {
 *     return new MyHarness(keep);
 *   }
 * }
 * }</pre>
 *
 * <p>No test looks at a clock or sleeps; each says in its name which rule or race it hunts.
 */
public interface WorkStoreContract
    extends ClaimContract,
        CutContract,
        DueContract,
        PriorityContract,
        TypeContract,
        GatherContract,
        DedupeContract,
        OutcomeContract,
        DrainedContract,
        DoneContract,
        ExcuseContract,
        SplitContract,
        ShrinkContract,
        BatchContract,
        LeaseContract,
        ReapContract,
        OrderContract,
        ApplyContract,
        RaceContract,
        BadInputContract {}
