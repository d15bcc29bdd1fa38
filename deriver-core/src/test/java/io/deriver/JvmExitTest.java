package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A process whose eight slots hang still ends: after close(), and on SIGTERM; no attempt is lost.
 */
class JvmExitTest {

  private static final int SLOTS = 8;

  @Test
  void afterCloseTheJvmExitsByItself() throws Exception {
    Process host = start("close");
    List<String> lines = host.inputReader(StandardCharsets.UTF_8).lines().toList();
    assertThat(host.waitFor(30, TimeUnit.SECONDS)).as("exited").isTrue();
    assertThat(host.exitValue()).isZero();
    assertThat(lines).contains("HUNG", "CLOSED");
    assertThat(released(lines)).isGreaterThanOrEqualTo(SLOTS);
  }

  @Test
  void onSigtermItEndsWithinTheDrainLimitAndCostsNoAttempt() throws Exception {
    Process host = start("sigterm");
    BufferedReader output = host.inputReader(StandardCharsets.UTF_8);
    while (!"HUNG".equals(output.readLine())) {
      assertThat(host.isAlive()).isTrue();
    }
    // By its handle: Process.destroy() would close the stream that is read next.
    assertThat(host.toHandle().destroy()).isTrue();
    List<String> lines = output.lines().toList();
    assertThat(host.waitFor(30, TimeUnit.SECONDS)).as("exited").isTrue();
    assertThat(released(lines)).isGreaterThanOrEqualTo(SLOTS);
    assertThat(lines).noneMatch(line -> line.startsWith("Retried"));
  }

  private static long released(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("Released")).count();
  }

  private static Process start(String mode) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HungHost.class.getName(),
            mode)
        .redirectErrorStream(true)
        .start();
  }
}
