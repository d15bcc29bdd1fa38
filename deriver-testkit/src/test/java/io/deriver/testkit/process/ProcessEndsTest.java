package io.deriver.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Plays the shape that ends its process, in each way that the catalogue names: no shutdown hook
 * runs and no one else is harmed.
 */
@DisabledOnOs(OS.WINDOWS)
@Timeout(300)
class ProcessEndsTest {

  private static final Duration GENEROUS = Duration.ofSeconds(60);

  private enum End {
    HALTED(4),
    OUT_OF_MEMORY(3),
    KILLED(128 + 9);

    private final int code;

    End(int code) {
      this.code = code;
    }

    void play(JavaProcess process) throws InterruptedException {
      switch (this) {
        case HALTED -> process.tell("halt");
        case OUT_OF_MEMORY -> process.tell("hoard");
        case KILLED -> process.kill();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsAtOnceAndAlone(End end) throws Exception {
    try (JavaProcess ending = talker();
        JavaProcess bystander = talker()) {
      end.play(ending);

      assertThat(ending.awaitExit(GENEROUS)).isEqualTo(end.code);
      assertThat(ending.lines()).doesNotContain("asked to end");
      bystander.tell("you");
      bystander.awaitLine("heard you", GENEROUS);
    }
  }

  private static JavaProcess talker() throws InterruptedException {
    JavaProcess process =
        JavaProcess.of(Talker.class)
            .jvmArgs("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
            .jvmArgs("-Xmx32m", "-XX:+ExitOnOutOfMemoryError")
            .start();
    process.awaitLine("ready", GENEROUS);
    return process;
  }
}
