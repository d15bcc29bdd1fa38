package io.deriver.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.deriver.testkit.store.contract.WorkStoreContract;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Guards the contract itself: every test of it fails on some store that breaks its rule. */
class ContractCanFailTest {

  static Stream<Mutant> mutants() {
    return Stream.of(
            ClaimMutants.all(),
            GatherMutants.all(),
            TypeMutants.all(),
            DedupeMutants.all(),
            OutcomeMutants.all(),
            UpkeepMutants.all(),
            EnqueueMutants.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("mutants")
  void aBrokenStoreFails(Mutant mutant) {
    Set<String> failed =
        EngineTestKit.engine("junit-jupiter")
            .configurationParameter(MutantContract.PARAMETER, mutant.breaks())
            .selectors(
                mutant.killedBy().stream()
                    .map(test -> selectMethod(MutantContract.class, test))
                    .toArray(MethodSelector[]::new))
            .execute()
            .testEvents()
            .failed()
            .stream()
            .map(ContractCanFailTest::methodOf)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(failed).containsExactlyInAnyOrderElementsOf(mutant.killedBy());
  }

  private static String methodOf(Event event) {
    return event.getTestDescriptor().getLegacyReportingName().replaceAll("\\(.*", "");
  }

  @Test
  void everyTestOfTheContractHasAStoreThatFailsIt() {
    Set<String> killing =
        mutants().flatMap(mutant -> mutant.killedBy().stream()).collect(Collectors.toSet());
    List<String> tests =
        Arrays.stream(WorkStoreContract.class.getMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(Method::getName)
            .toList();

    assertThat(killing).containsExactlyInAnyOrderElementsOf(tests);
  }
}
