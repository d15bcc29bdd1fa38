package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.deriver.Pool;
import java.net.URL;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Guards that a host whose wall clock is hours off, or jumps, changes nothing: leases, guards,
 * rests and due times are the database's to tell, limits are counted in {@link System#nanoTime()},
 * and no code of ours reads the wall clock.
 */
class WallClockTest {

  private static final Set<String> TIMES =
      Set.of(
          "Instant",
          "LocalDate",
          "LocalTime",
          "LocalDateTime",
          "OffsetTime",
          "OffsetDateTime",
          "ZonedDateTime",
          "Year",
          "YearMonth",
          "MonthDay");
  private static final List<String> READS =
      List.of(
          "java.lang.System.currentTimeMillis",
          "java.time.Clock.system",
          "java.time.Clock.tick",
          "java.time.InstantSource.system",
          "java.util.Date.<init>",
          "java.util.Calendar.getInstance",
          "java.util.GregorianCalendar.<init>",
          // These wait for a time of the wall clock.
          "java.util.concurrent.locks.LockSupport.parkUntil",
          "java.util.concurrent.locks.Condition.awaitUntil");

  private static boolean readsTheWallClock(JavaCodeUnitAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String target = owner + "." + access.getTarget().getName();
    return READS.stream().anyMatch(target::startsWith)
        || (access.getTarget().getName().equals("now")
            && TIMES.contains(owner.replace("java.time.", "")));
  }

  private static Stream<String> reads(JavaClass one) {
    return Stream.concat(
            one.getCodeUnitCallsFromSelf().stream(), one.getCodeUnitReferencesFromSelf().stream())
        .filter(WallClockTest::readsTheWallClock)
        .map(JavaCodeUnitAccess::getDescription);
  }

  private static JavaClasses classesBeside(Class<?> one) {
    URL place = one.getProtectionDomain().getCodeSource().getLocation();
    return new ClassFileImporter().importUrl(place);
  }

  @Test
  @DisplayName("no class of deriver-core and deriver-jdbc reads the wall clock")
  void nobodyReadsIt() {
    for (Class<?> one : List.of(Pool.class, PostgresQueue.class)) {
      JavaClasses classes = classesBeside(one);
      assertThat(classes.contain(one)).isTrue();
      assertThat(classes.stream().flatMap(WallClockTest::reads)).isEmpty();
    }
  }

  @Test
  @DisplayName("what reads it is found: a host of these tests does")
  void whoReadsItIsFound() {
    assertThat(classesBeside(WallClockTest.class).stream().flatMap(WallClockTest::reads))
        .anyMatch(read -> read.contains(ZombieHost.class.getName()));
  }
}
