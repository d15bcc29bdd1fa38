package io.deriver.testkit.process;

import static io.deriver.testkit.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Guards when a process counts as gone. */
@Timeout(60)
class KilledAtExitTest {

  /**
   * As where the first process of a container collects nobody's end: what was orphaned and killed
   * keeps its place in the list of processes.
   */
  @Test
  @EnabledOnOs(OS.LINUX)
  void oneWhoseEndNobodyCollectsIsGone() throws Exception {
    Process careless =
        new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; exec sleep 600").start();
    try (BufferedReader said = careless.inputReader()) {
      ProcessHandle child = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
      soon()
          .until(
              () -> careless.info().command().filter(name -> name.endsWith("sleep")).isPresent());
      child.destroyForcibly();

      KilledAtExit.awaitGone(child, Duration.ofSeconds(20));

      assertThat(careless.isAlive()).isTrue();
    } finally {
      careless.destroyForcibly().waitFor();
    }
  }
}
