package io.deriver.internal.pool;

import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.verifier.EpsilonVerifier;
import org.junit.jupiter.api.Test;

/**
 * Invariant 1, model-checked: whatever ends a run, and in whichever order, it has one end, one
 * outcome, and gives its slot back once. Return, timeout, lost lease, an operator's cancel, drain
 * and close meet, beside a pass of the rooms that follow up, with the key released and with the key
 * held; a scheduler of the checker's switches between the threads at what they share, another way
 * each time. The races it hunts: two that end a run at once, an outcome that is held while the
 * thread returns or a drain lets go of it.
 */
class RunStateMachineTest {

  /** Ways of each meeting that are explored. */
  private static final int WAYS = Integer.getInteger("deriver.model.ways", 40);

  /** Who meets whom, each on a thread of its own. */
  private static final List<List<String>> MEETINGS =
      List.of(
          List.of("returns", "timesOut", "roomsPass"),
          List.of("returns", "isCancelled", "closes", "roomsPass"),
          List.of("returns", "losesItsLease", "drains", "roomsPass"),
          List.of(
              "returns",
              "timesOut",
              "losesItsLease",
              "isCancelled",
              "drains",
              "closes",
              "roomsPass"));

  @Test
  void oneEndOneOutcomeOneSlotBack() {
    ModelCheckingOptions options = new ModelCheckingOptions();
    options
        .iterations(0)
        .invocationsPerIteration(WAYS)
        .minimizeFailedScenario(false)
        // What must hold is in the model's validation; the calls themselves answer nothing.
        .verifier(EpsilonVerifier.class)
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses(
                    Closers.class.getName(),
                    Events.class.getName(),
                    StackSampler.class.getName(),
                    Endings.class.getName(),
                    "org.slf4j.MDC")
                .allMethods()
                .ignore());
    for (String beginning : List.of("begins", "beginsToHoldItsKey")) {
      for (List<String> meeting : MEETINGS) {
        options.addCustomScenario(scenario(beginning, meeting));
      }
    }
    options.check(RunModel.class);
  }

  private static ExecutionScenario scenario(String beginning, List<String> meeting) {
    return new ExecutionScenario(
        List.of(actor(beginning)),
        meeting.stream().map(name -> List.of(actor(name))).toList(),
        List.of(),
        actor("oneEndOneOutcomeOneSlotBack"));
  }

  private static Actor actor(String name) {
    try {
      return new Actor(RunModel.class.getMethod(name), List.of());
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
