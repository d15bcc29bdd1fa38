package io.deriver.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.soak.judge.Verdict;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Guards that nothing is lost and nothing done twice when processes are killed, stopped and cut off
 * at random; and that the judge would notice.
 */
@Timeout(900)
class FaultsTest {

  @Test
  @DisplayName("a minute of kills, stops and cuts: every item ends once, in its order")
  void nothingIsLostAndNothingDoneTwice() throws Exception {
    Verdict verdict = run(Settings.of(System.getProperties()), "sound");
    assertThat(verdict.violations()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("each guard broken in turn: the judge says which")
  void theJudgeNotices(Broken broken) throws Exception {
    Properties told = new Properties();
    told.setProperty("soak.broken", broken.name());
    told.setProperty("soak.faults", faults(broken));
    told.setProperty("soak.seed", System.getProperty("soak.seed", "42"));
    told.setProperty("soak.processes", "3");
    told.setProperty("soak.seconds", "60");
    told.setProperty("soak.items", "4000");
    told.setProperty("soak.every", "4000");
    told.setProperty("soak.timeout", "15000");
    Verdict verdict = run(Settings.of(told), "broken_" + broken.name().toLowerCase(Locale.ROOT));
    assertThat(broken.isNoticed(verdict)).as("%s", verdict).isTrue();
  }

  /** What it takes to make the difference. */
  private static String faults(Broken broken) {
    return switch (broken) {
      case ORDER, ATTEMPTS -> "none";
      case APPLY -> "stop";
      case FENCES -> "hold";
      case REAPER -> "kill";
    };
  }

  private static Verdict run(Settings settings, String name) throws Exception {
    System.out.printf("%s: seed %d%n", name, settings.seed());
    try (Server server = Server.open(settings.url())) {
      Verdict verdict = new SoakRun(settings, server, name).run();
      System.out.print(verdict);
      return verdict;
    }
  }
}
