package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Guards what is kept of a long stack, and of errors that cannot say what they are. */
class ErrorTextTest {

  private static StackTraceElement[] frames(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new StackTraceElement("C", "m" + i, "C.java", i))
        .toArray(StackTraceElement[]::new);
  }

  private static String line(int frame) {
    return "  at C.m%d(C.java:%d)".formatted(frame, frame);
  }

  @Test
  void aStackOfSixtyFramesIsWhole() {
    assertThat(ErrorText.stack(frames(60)).lines())
        .containsExactlyElementsOf(IntStream.range(0, 60).mapToObj(ErrorTextTest::line).toList());
  }

  @Test
  void ofALongerOneTopAndBottomAreKept() {
    assertThat(ErrorText.stack(frames(100)).lines())
        .hasSize(61)
        .startsWith(line(0), line(1))
        .contains(line(39), "  ... 40 more", line(80))
        .doesNotContain(line(40), line(79))
        .endsWith(line(98), line(99));
    assertThat(ErrorText.stack(frames(61)).lines())
        .hasSize(61)
        .containsSequence(line(39), "  ... 1 more", line(41));
  }

  @Test
  void theTopOfAStackIsItsFirstThreeFrames() {
    assertThat(ErrorText.top(ErrorText.stack(frames(9))))
        .isEqualTo("C.m0(C.java:0) < C.m1(C.java:1) < C.m2(C.java:2)");
    assertThat(ErrorText.top("no stack")).isEqualTo("no stack");
  }

  @Test
  void andTheHostsFrameThatThePoolCalled() {
    StackTraceElement[] frames = frames(9);
    frames[6] = new StackTraceElement("io.deriver.internal.pool.Work", "run", "Work.java", 6);
    String top = "C.m0(C.java:0) < C.m1(C.java:1) < C.m2(C.java:2)";
    assertThat(ErrorText.top(ErrorText.stack(frames))).isEqualTo(top + " < .. < C.m5(C.java:5)");
    frames[3] = frames[6];
    assertThat(ErrorText.top(ErrorText.stack(frames)))
        .as("in a call of the pool's")
        .isEqualTo(top + " < .. < C.m5(C.java:5)");
    frames[6] = frames(9)[6];
    assertThat(ErrorText.top(ErrorText.stack(frames))).as("seen anyway").isEqualTo(top);
  }

  @Test
  void fiveCausesAreTold() {
    Throwable error = new IllegalStateException("0");
    for (int i = 1; i < 9; i++) {
      error = new IllegalStateException(Integer.toString(i), error);
      error.setStackTrace(frames(1));
    }
    assertThat(ErrorText.full(error, text -> text).lines().filter(it -> !it.equals(line(0))))
        .containsExactly(
            "java.lang.IllegalStateException: 8",
            "caused by: java.lang.IllegalStateException: 7",
            "caused by: java.lang.IllegalStateException: 6",
            "caused by: java.lang.IllegalStateException: 5",
            "caused by: java.lang.IllegalStateException: 4");
  }

  @Test
  void whereTheRedactorFailsNothingButTheTypeGetsOut() {
    String text =
        ErrorText.full(
            new IllegalStateException("secret"),
            unused -> {
              throw new IllegalArgumentException("broken");
            });
    assertThat(text)
        .isEqualTo(
            "java.lang.IllegalStateException (its text could not be made:"
                + " java.lang.IllegalArgumentException)");
  }

  @Test
  void anErrorWhoseMessageFailsIsNamed() {
    assertThat(ErrorText.brief(new Unreadable()))
        .isEqualTo(Unreadable.class.getName() + " (its message could not be read)");
  }

  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  private static <T extends Throwable> T deep(T error) {
    error.setStackTrace(frames(100));
    return error;
  }

  @Test
  void anErrorIsShownWithMoreOfItsStackThanItsCauses() {
    Exception error = deep(new Exception("outer", deep(new Exception("inner"))));
    List<String> lines = ErrorText.full(error, text -> text).lines().toList();
    int cause = lines.indexOf("caused by: java.lang.Exception: inner");
    assertThat(lines.get(0)).isEqualTo("java.lang.Exception: outer");
    assertThat(lines.subList(0, cause)).filteredOn(line -> line.startsWith("  at ")).hasSize(60);
    assertThat(lines.subList(cause, lines.size()))
        .filteredOn(line -> line.startsWith("  at "))
        .hasSize(15);
  }
}
