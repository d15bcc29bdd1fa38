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
  private static final int WAYS = Integer.getInteger("deriver.model.ways", 100);

  /** What happened before, and who meets whom then, each on a thread of its own. */
  private static final List<List<List<String>>> MEETINGS =
      List.of(
          List.of(List.of(), List.of("returns", "timesOut", "follows")),
          List.of(List.of(), List.of("returns", "isCancelled", "drains", "follows")),
          List.of(List.of(), List.of("timesOut", "losesItsLease", "settles", "follows")),
          List.of(List.of("keysAreHeld"), List.of("returns", "timesOut", "follows")),
          List.of(List.of("keysAreHeld", "timesOut"), List.of("follows", "returns", "drains")),
          List.of(
              List.of("keysAreHeld", "timesOut", "follows"),
              List.of("returns", "drains", "settles")));

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
            ManagedStrategyGuaranteeKt.forClasses(Events.class.getName()).allMethods().ignore());
    for (List<List<String>> meeting : MEETINGS) {
      options.addCustomScenario(scenario(meeting.get(0), meeting.get(1)));
    }
    options.check(RunModel.class);
  }

  private static ExecutionScenario scenario(List<String> before, List<String> meeting) {
    return new ExecutionScenario(
        before.stream().map(RunStateMachineTest::actor).toList(),
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
