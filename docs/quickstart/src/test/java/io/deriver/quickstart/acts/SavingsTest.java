package io.deriver.quickstart.acts;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Cut;
import io.deriver.quickstart.host.Units;
import io.deriver.quickstart.llm.Llm;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Guards the figures of what batches saved: no call is left out that was made. */
class SavingsTest {

  private static final Units.Count UNITS =
      new Units.Count(900, Map.of(Cut.SHRUNK, 20, Cut.NOTHING, 70, Cut.MAX_WEIGHT, 10));

  @Test
  void callsThatTheServerHadCountAlsoWhereAUnitAskedAgain() {
    Savings savings = Savings.of(500, UNITS, new Llm.Calls(125, 30));

    assertThat(savings.calls()).isEqualTo(125);
    assertThat(savings.saved()).isEqualTo(375);
  }

  @Test
  void eachUnitIsACallOfAnLlmThatDoesNotSay() {
    assertThat(Savings.of(500, UNITS, new Llm.Calls(0, 0)).saved()).isEqualTo(400);
  }

  @Test
  void whatCostMoreThanItSavedIsSaidAsItIs() {
    assertThat(Savings.of(60, UNITS, new Llm.Calls(0, 0)).saved()).isEqualTo(-40);
  }

  @Test
  void itIsTold() {
    assertThat(Savings.of(500, UNITS, new Llm.Calls(125, 30)))
        .asString()
        .contains("125 LLM calls for 500 messages", "375 saved, 75 %")
        .contains("no more messages 70, maxWeight 10, smaller after a timeout 20.");
  }
}
