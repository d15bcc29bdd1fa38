package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Invariant 1 at a real limit of the process: when the operating system gives no more threads, slot
 * and claim come back, the pool says so, and it works on once there are threads again.
 */
@Timeout(120)
class ThreadLimitTest {

  /**
   * So large a stack for each thread that the limit on address space falls after a few of them, and
   * leaves room for what else the JVM asks for.
   */
  private static final String JAVA =
      "ulimit -v 8000000; exec '%s' -Xss256m -Xms64m -Xmx64m -XX:+UseSerialGC"
          + " -XX:ReservedCodeCacheSize=32m -XX:CompressedClassSpaceSize=32m -cp '%s' %s";

  @Test
  void slotsAndClaimsComeBackAndThePoolWorksOn() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "limits address space as Linux does");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            "sh",
            "-c",
            JAVA.formatted(
                java, System.getProperty("java.class.path"), ThreadlessHost.class.getName()));
    // Else each thread may reserve address space of its own for malloc.
    builder.environment().put("MALLOC_ARENA_MAX", "1");
    Process host = builder.redirectErrorStream(true).start();
    List<String> lines = host.inputReader(StandardCharsets.UTF_8).lines().toList();
    assertThat(host.waitFor(60, TimeUnit.SECONDS)).as("exited").isTrue();
    assertThat(host.exitValue()).as("%s", lines).isZero();
    int atWork = number(lines, "AT WORK ");
    System.out.printf(
        "%d of %d threads could be had, %d claims given back%n",
        atWork, ThreadlessHost.SLOTS, number(lines, "GIVEN BACK "));
    assertThat(atWork).isBetween(1, ThreadlessHost.SLOTS - 1);
    assertThat(number(lines, "LIVE ")).as("slots in use").isEqualTo(atWork);
    assertThat(number(lines, "GIVEN BACK ")).isEqualTo(ThreadlessHost.SLOTS - atWork);
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("SAID ")
                    .contains("dispatcher", "unable to create native thread"));
    assertThat(number(lines, "WORKS AGAIN ")).isZero();
  }

  private static int number(List<String> lines, String label) {
    return lines.stream()
        .filter(line -> line.startsWith(label))
        .map(line -> Integer.parseInt(line.substring(label.length())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line '" + label + "' in " + lines));
  }
}
