package io.deriver.testkit.process;

import static io.deriver.testkit.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guards that a process that died is started again, until its supervisor is closed. */
@Timeout(300)
class SupervisorTest {

  private static final Duration GENEROUS = Duration.ofSeconds(60);

  private static JavaProcess.Builder talker() {
    return JavaProcess.of(Talker.class).jvmArgs("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  }

  @Test
  void whatDiesIsStartedAgain() throws Exception {
    Duration delay = Duration.ofMillis(300);
    Supervisor supervisor = Supervisor.start(talker(), delay);
    try (supervisor) {
      JavaProcess first = supervisor.current();
      first.awaitLine("ready", GENEROUS);
      assertThat(supervisor.restarts()).isZero();

      long killed = System.nanoTime();
      first.kill();
      JavaProcess second = supervisor.awaitRestarts(1, GENEROUS);

      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isGreaterThanOrEqualTo(delay);
      assertThat(second.pid()).isNotEqualTo(first.pid());
      second.awaitLine("ready", GENEROUS);
      second.tell("exit");
      supervisor.awaitRestarts(2, GENEROUS).awaitLine("ready", GENEROUS);
      assertThat(supervisor.all()).hasSize(3);
      assertThatThrownBy(() -> supervisor.awaitRestarts(3, Duration.ofMillis(50)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("2 restarts within");
    }
    assertThat(supervisor.all()).noneMatch(JavaProcess::isAlive);
    assertThat(supervisor.restarts()).isEqualTo(2);
    assertThatThrownBy(() -> supervisor.awaitRestarts(3, GENEROUS))
        .isInstanceOf(IllegalStateException.class);
    soon()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("supervisor")));
  }

  @Test
  void closeDuringTheDelayStartsNoOther() throws Exception {
    Supervisor supervisor = Supervisor.start(talker(), Duration.ofMinutes(10));
    supervisor.current().kill();
    supervisor.close();
    supervisor.close();
    assertThat(supervisor.restarts()).isZero();
  }

  @Test
  void whatCannotBeStartedAgainIsSaid() throws Exception {
    Path folder = java.nio.file.Files.createTempDirectory("supervisor");
    try (Supervisor supervisor = Supervisor.start(talker().folder(folder), Duration.ZERO)) {
      java.nio.file.Files.delete(folder);
      supervisor.current().kill();
      assertThatThrownBy(() -> supervisor.awaitRestarts(1, GENEROUS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("starts no more")
          .hasRootCauseInstanceOf(java.io.IOException.class);
    }
    assertThatThrownBy(() -> Supervisor.start(talker(), Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("delay is PT-1S");
  }
}
