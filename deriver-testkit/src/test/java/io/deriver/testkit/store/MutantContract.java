package io.deriver.testkit.store;

import io.deriver.testkit.store.contract.StoreHarness;
import io.deriver.testkit.store.contract.WorkStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The contract on a broken store; run only by {@link ContractCanFailTest}. */
@ExtendWith(MutantContract.OfThisRun.class)
class MutantContract implements WorkStoreContract {

  static final String PARAMETER = "mutant";

  private final Mutant mutant;

  MutantContract(Mutant mutant) {
    this.mutant = mutant;
  }

  @Override
  public StoreHarness openStore() {
    return mutant.open();
  }

  @Override
  public StoreHarness openStoreThatKeeps(Duration keep) {
    return mutant.open().keeping(keep);
  }

  /** Hands in the mutant that the run names. */
  static final class OfThisRun implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Mutant.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      String named = context.getConfigurationParameter(PARAMETER).orElseThrow();
      return ContractCanFailTest.mutants()
          .filter(mutant -> mutant.breaks().equals(named))
          .findFirst()
          .orElseThrow();
    }
  }
}
