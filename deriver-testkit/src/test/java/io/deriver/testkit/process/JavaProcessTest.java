package io.deriver.testkit.process;

import static io.deriver.testkit.Soon.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Guards that a process can be started, heard, told, stopped and killed, and leaves nothing. */
@Timeout(300)
class JavaProcessTest {

  private static final Duration GENEROUS = Duration.ofSeconds(60);

  private static JavaProcess ready() throws InterruptedException {
    JavaProcess process = talker().start();
    process.awaitLine("ready", GENEROUS);
    return process;
  }

  private static JavaProcess.Builder talker() {
    return JavaProcess.of(Talker.class).jvmArgs("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void getsWhatItIsStartedWith(@TempDir Path folder) throws Exception {
    String odd = "two words, \"quotes\", \\ and # ' @x";
    String longPath = "nowhere/" + "x".repeat(200_000) + File.pathSeparator;
    try (JavaProcess process =
        talker()
            .classPath(longPath + System.getProperty("java.class.path"))
            .args("one", odd, "")
            .property("talker", odd)
            .env("TALKER", "value")
            .jvmArgs("-Xmx40m")
            .folder(folder)
            .start()) {
      process.awaitLine("ready", GENEROUS);
      assertThat(process.lines())
          .contains("arguments [one, " + odd + ", ]", "property " + odd, "variable value")
          .contains("folder " + folder.toRealPath());
      String memory = process.awaitLine("memory", GENEROUS);
      assertThat(Long.parseLong(memory.substring(7))).isBetween(20L << 20, 60L << 20);
    }
  }

  @Test
  void hearsAndIsHeard() throws Exception {
    try (JavaProcess process = ready()) {
      process.tell("grüße");
      assertThat(process.awaitLine("heard", GENEROUS)).isEqualTo("heard grüße");
      process.tell("again");
      assertThat(process.awaitLines("heard", 2, GENEROUS)).isEqualTo("heard again");
      assertThat(process.awaitLine(line -> line.endsWith("again"), GENEROUS))
          .isEqualTo("heard again");
      assertThatThrownBy(() -> process.awaitLine("never", Duration.ofMillis(50)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Talker has printed no line that begins with 'never' within")
          .hasMessageContaining("heard again");
      process.tell("exit");
      assertThat(process.awaitExit(GENEROUS)).isEqualTo(3);
      assertThatThrownBy(() -> process.awaitLine("never", GENEROUS))
          .hasMessageContaining("it has ended with 3");
      assertThatThrownBy(
              () -> {
                // The first may still fit into a pipe that nobody reads.
                process.tell("x");
                process.tell("x");
              })
          .isInstanceOf(UncheckedIOException.class);
    }
  }

  @Test
  void keepsTheLastLines() throws Exception {
    try (JavaProcess process = ready()) {
      process.tell("flood");
      process.awaitLine("flood 19999", GENEROUS);
      assertThat(process.lines()).hasSize(10_000).startsWith("flood 10000");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void killEndsItWithoutAWord() throws Exception {
    try (JavaProcess process = ready()) {
      process.kill();
      assertThat(process.isAlive()).isFalse();
      assertThat(isAlive(process.pid())).isFalse();
      assertThat(process.awaitExit(GENEROUS)).isEqualTo(128 + 9);
      assertThat(process.lines()).doesNotContain("asked to end");
      assertThat(process).hasToString("Talker, pid " + process.pid() + ", ended with 137");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void terminateAsksItToEnd() throws Exception {
    try (JavaProcess process = ready()) {
      process.terminate();
      assertThat(process.awaitExit(GENEROUS)).isEqualTo(128 + 15);
      assertThat(process.lines()).contains("asked to end");
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aStoppedProcessSaysNothingUntilItGoesOn() throws Exception {
    try (JavaProcess process = ready()) {
      process.stop();
      assertThat(Signals.isStopped(process.pid())).isTrue();
      assertThat(process.isAlive()).isTrue();
      process.tell("are you there");
      assertThatThrownBy(() -> process.awaitLine("heard", Duration.ofMillis(300)))
          .isInstanceOf(AssertionError.class);

      process.resume();

      assertThat(Signals.isStopped(process.pid())).isFalse();
      process.awaitLine("heard are you there", GENEROUS);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void closeEndsAStoppedProcessAndItsChildren() throws Exception {
    JavaProcess process = ready();
    process.tell("start sleep");
    long child = Long.parseLong(process.awaitLine("child", GENEROUS).substring(6));
    process.stop();
    process.close();
    process.close();
    assertThat(process.isAlive()).isFalse();
    assertThat(isAlive(child)).isFalse();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("output-of-Talker-" + process.pid()));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void closeAfterKillEndsTheChildrenToo() throws Exception {
    JavaProcess process = ready();
    process.tell("start sleep");
    long child = Long.parseLong(process.awaitLine("child", GENEROUS).substring(6));
    process.kill();
    assertThat(isAlive(child)).isTrue();
    process.close();
    assertThat(isAlive(child)).isFalse();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aProcessEndsWhenTheOneThatStartedItIsKilled() throws Exception {
    try (JavaProcess process = ready()) {
      process.tell("start talker");
      long child = Long.parseLong(process.awaitLine("child", GENEROUS).substring(6));
      process.kill();
      soon().until(() -> !isAlive(child));
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aProcessEndsWhenTheOneThatStartedItEnds() throws Exception {
    try (JavaProcess process = ready()) {
      process.tell("start talker");
      long child = Long.parseLong(process.awaitLine("child", GENEROUS).substring(6));
      process.tell("exit");
      process.awaitExit(GENEROUS);
      soon().until(() -> !isAlive(child));
    }
  }

  @Test
  void whatFailsAtTheStartIsSaidWithItsOutput() throws Exception {
    try (JavaProcess process = JavaProcess.of("io.deriver.NoSuchMain").start()) {
      assertThatThrownBy(() -> process.awaitLine("ready", GENEROUS))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("NoSuchMain")
          .hasMessageContaining("it has ended")
          .hasMessageContaining("ClassNotFoundException: io.deriver.NoSuchMain");
      assertThat(process.awaitExit(GENEROUS)).isEqualTo(1);
    }
    try (JavaProcess process = talker().name("throws").start()) {
      process.tell("throw");
      assertThat(process.awaitExit(GENEROUS)).isEqualTo(1);
      assertThat(String.join("\n", process.lines()))
          .contains("Exception in thread \"main\" java.lang.IllegalStateException: as told");
    }
  }

  @Test
  void signalsSayWhatTheyCannotDo() throws Exception {
    assertThatThrownBy(() -> Signals.requirePosix("Windows 11"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Windows 11 has none");
    JavaProcess ended = ready();
    ended.close();
    assertThatThrownBy(() -> Signals.stop(ended.pid()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SIGSTOP to process " + ended.pid());
  }
}
