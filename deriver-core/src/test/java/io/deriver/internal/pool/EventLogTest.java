package io.deriver.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.DrainReport;
import io.deriver.PoolEvent;
import io.deriver.spi.ClaimEnd.Cause;
import io.deriver.spi.ClaimId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.event.Level;

/** Guards that each event has one line of its own: at its level, with what it is about. */
class EventLogTest {

  private static final ClaimId CLAIM = new ClaimId("mail", "key-1", 7, "node-1");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String OF_CLAIM = "type=mail key=key-1 fence=7";

  private static Arguments line(PoolEvent event, String level, String... parts) {
    return Arguments.of(event, level, List.of(parts));
  }

  static Stream<Arguments> lines() {
    return Stream.of(
        line(
            new PoolEvent.PoolStarted("node-1", 8, List.of("mail")),
            "INFO",
            "Started: node=node-1 slots=8 types=[mail]"),
        line(
            new PoolEvent.RunStarted(CLAIM, 2, 3),
            "DEBUG",
            "Run started: " + OF_CLAIM + " attempt=2 items=3"),
        line(
            new PoolEvent.UnitCompleted(CLAIM, 2, 3, MINUTE),
            "DEBUG",
            "Unit completed: " + OF_CLAIM + " attempt=2 items=3 took=PT1M"),
        line(
            new PoolEvent.KeyDrained(CLAIM),
            "DEBUG",
            "Key drained: nothing of it waits after " + OF_CLAIM),
        line(
            new PoolEvent.UnitRetried(CLAIM, 2, Cause.FAILURE, "why\n  at line", MINUTE),
            "WARN",
            "Attempt failed: " + OF_CLAIM + " attempt=2",
            "tried again in PT1M: why\n  at line"),
        line(
            new PoolEvent.UnitReleased(CLAIM, 2, "drained", MINUTE),
            "INFO",
            "Claim given back: " + OF_CLAIM + " attempt=2 (not counted)",
            "in PT1M: drained"),
        line(
            new PoolEvent.UnitDeadLettered(CLAIM, 5, 1, Cause.FAILURE, "no good"),
            "ERROR",
            "Unit dead-lettered: " + OF_CLAIM + " attempt=5 items=1",
            "no good"),
        line(
            new PoolEvent.UnitDiscarded(CLAIM, 1, "of no use"),
            "INFO",
            "Unit discarded: " + OF_CLAIM + " attempt=1",
            "of no use"),
        line(
            new PoolEvent.UnitSplit(CLAIM, 1, 2, 0, 0, "", Duration.ZERO),
            "INFO",
            "Unit split: " + OF_CLAIM + " attempt=1; 2 items done"),
        line(
            new PoolEvent.UnitSplit(CLAIM, 1, 2, 1, 0, "why", MINUTE),
            "WARN",
            "Items failed: " + OF_CLAIM + " attempt=1 items=1; 2 items done",
            "in PT1M: why"),
        line(
            new PoolEvent.UnitSplit(CLAIM, 1, 2, 1, 1, "why", MINUTE),
            "ERROR",
            "Items dead-lettered: " + OF_CLAIM + " attempt=1 items=1",
            "in PT1M: why"),
        line(
            new PoolEvent.RunTimedOut(CLAIM, 2, "idleTimeout", MINUTE, "  at stack"),
            "WARN",
            "Run ended by force: " + OF_CLAIM + " attempt=2 by idleTimeout after PT1M",
            "at stack"),
        line(
            new PoolEvent.RunCancelled(CLAIM, 2, "an operator"),
            "WARN",
            "Run stopped: " + OF_CLAIM + " attempt=2",
            "an operator"),
        line(
            new PoolEvent.RunAbandoned(CLAIM, 2, MINUTE, "  at stack", 3, 64),
            "WARN",
            "Thread abandoned: " + OF_CLAIM + " attempt=2",
            "PT1M ago",
            "3 threads are abandoned, claiming stops at 64",
            "at stack"),
        line(
            new PoolEvent.LateReturn(CLAIM, 2, MINUTE, 3),
            "INFO",
            "Thread came back PT1M after its run was ended: " + OF_CLAIM + " attempt=2",
            "3 threads are still abandoned"),
        line(
            new PoolEvent.WriteRefused(CLAIM, "Completed"),
            "WARN",
            "Write refused: Completed " + OF_CLAIM),
        line(
            new PoolEvent.WriteUnknown(CLAIM, "Completed"),
            "WARN",
            "Write unknown: Completed " + OF_CLAIM),
        line(
            new PoolEvent.WriteGivenUp(CLAIM, "Completed", "no route"),
            "ERROR",
            "Write given up: Completed " + OF_CLAIM,
            "no route"),
        line(
            new PoolEvent.ClaimReaped(CLAIM, "its guard passed", true),
            "WARN",
            "Claim reaped: " + OF_CLAIM + " node=node-1: its guard passed",
            "its item is a dead letter now"),
        line(
            new PoolEvent.ClaimReaped(CLAIM, "its guard passed", false),
            "WARN",
            "its unit can be claimed again"),
        line(
            new PoolEvent.LeaseLost("no answer", 3),
            "ERROR",
            "Lease lost: no answer; 3 runs were stopped"),
        line(
            new PoolEvent.Saturated(64, 64, List.of("a run")),
            "ERROR",
            "Saturated: 64 abandoned threads, cap 64",
            "a run"),
        line(
            new PoolEvent.RestartNeeded(64, MINUTE),
            "ERROR",
            "Only a restart helps: 64 threads",
            "for PT1M"),
        line(new PoolEvent.Resumed(63), "INFO", "Claiming again: 63 abandoned threads"),
        line(
            new PoolEvent.DutyFailed("reaper", "no route", 3, MINUTE),
            "WARN",
            "reaper failed, 3 times in a row; next try in PT1M: no route"),
        line(
            new PoolEvent.DutyRecovered("reaper", 3),
            "INFO",
            "reaper works again after 3 failures"),
        line(
            new PoolEvent.RunsWithoutThread(2, List.of("a run")),
            "WARN",
            "2 runs were started and no thread has come to them",
            "a run"),
        line(
            new PoolEvent.TypePaused("mail", MINUTE, "401"),
            "ERROR",
            "Type paused: type=mail for PT1M",
            "401"),
        line(
            new PoolEvent.BreakerOpened("mail", 3, "503"),
            "ERROR",
            "Breaker open: type=mail failed for 3 keys in a row",
            "503"),
        line(
            new PoolEvent.BreakerClosed("mail", MINUTE, 9),
            "INFO",
            "Breaker closed: type=mail after PT1M and 9 probes"),
        line(
            new PoolEvent.TypesUnserved(List.of("mail")),
            "WARN",
            "Items wait whose type no live node serves: [mail]"),
        line(
            new PoolEvent.Drained(new DrainReport(1, 2, 3, 4)),
            "INFO",
            "Drained: 1 runs ended, 2 claims given back, 3 of their threads are not back, 4 outcomes"),
        line(
            new PoolEvent.Stalled(MINUTE, "runs are live", List.of("a run")),
            "WARN",
            "Nothing has ended for PT1M: runs are live",
            "a run"),
        line(
            new PoolEvent.EventsDropped("listeners", 5),
            "WARN",
            "5 events were dropped: listeners was too slow"));
  }

  private static List<String> written(PoolEvent event) {
    LogRecorder log = new LogRecorder();
    new EventLog("pool-1", log).write(event);
    return log.lines();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void anEventIsOneLine(PoolEvent event, String level, List<String> parts) {
    assertThat(written(event))
        .singleElement()
        .asString()
        .startsWith(level + " [pool-1] ")
        .contains(parts);
  }

  @Test
  void theStackOfARunThatWasEndedByForceIsNotToldTwice() {
    PoolEvent retried =
        new PoolEvent.UnitRetried(CLAIM, 2, Cause.TIMEOUT, "timeout of PT1M\n  at stack", MINUTE);
    assertThat(written(retried)).singleElement().asString().endsWith("in PT1M: timeout of PT1M");
  }

  @Test
  void anOutageIsToldOfNowAndThen() {
    List<Integer> told =
        IntStream.rangeClosed(1, 40)
            .filter(n -> !written(new PoolEvent.DutyFailed("reaper", "down", n, MINUTE)).isEmpty())
            .boxed()
            .toList();
    assertThat(told).containsExactly(1, 2, 3, 4, 5, 10, 20, 30, 40);
  }

  @ParameterizedTest
  @MethodSource("lines")
  void whatMakesNoLineIsNotWanted(PoolEvent event, String level, List<String> parts) {
    for (Level lowest : List.of(Level.DEBUG, Level.INFO)) {
      LogRecorder log = new LogRecorder(lowest);
      boolean makesALine = Level.valueOf(level).toInt() >= lowest.toInt();
      assertThat(new EventLog("pool-1", log).wants(event)).isEqualTo(makesALine);
    }
  }

  @Test
  void noKindOfEventIsLeftOut() {
    Set<Class<?>> shown = lines().map(line -> line.get()[0].getClass()).collect(Collectors.toSet());
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(PoolEvent.class.getPermittedSubclasses()));
  }
}
