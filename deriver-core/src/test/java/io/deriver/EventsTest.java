package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Invariant 11: it never goes silent; and what hears it cannot stop it. */
class EventsTest {

  private final CountDownLatch over = new CountDownLatch(1);
  private final CompletableFuture<Outcome> never = new CompletableFuture<>();

  @AfterEach
  void letGo() {
    over.countDown();
    never.complete(Outcome.done());
  }

  @Test
  void aListenerThatHangsOrThrowsChangesNothing() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done())
            .settings(
                p ->
                    p.listener(
                            event -> {
                              throw new AssertionError("listener");
                            })
                        .listener(event -> over.await()))
            .content(
                s -> {
                  for (int i = 0; i < 6_000; i++) {
                    s.put("k" + i, "");
                  }
                })
            .start()) {
      PoolFixture.until(fixture.store::isEmpty);
      over.countDown();
      PoolFixture.until(() -> !fixture.events(PoolEvent.EventsDropped.class).isEmpty());
    }
  }

  @Test
  void aPoolInWhichNothingEndsSaysWhatIsStuckAndWhere() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> never.join())
            .settings(p -> p.stallReportInterval(Duration.ofMillis(100)))
            .content(s -> s.put("stuck", ""))
            .start()) {
      // The first ones of a JVM may find it on its way there.
      PoolFixture.until(
          () ->
              fixture.events(PoolEvent.Stalled.class).stream()
                  .flatMap(stalled -> stalled.runs().stream())
                  .anyMatch(run -> run.contains("CompletableFuture")));
      PoolFixture.until(() -> fixture.events(PoolEvent.Stalled.class).size() >= 2);
      assertThat(fixture.events(PoolEvent.Stalled.class))
          .allSatisfy(
              stalled ->
                  assertThat(stalled.runs()).singleElement().asString().contains("key=stuck"));
      assertThat(fixture.pool.health().longest())
          .singleElement()
          .satisfies(run -> assertThat(run.key()).isEqualTo("stuck"));
    }
  }

  @Test
  void aLogAppenderThatHangsHoldsUpNothing() {
    Logger logger = (Logger) LoggerFactory.getLogger("io.deriver.Pool");
    AppenderBase<ILoggingEvent> hanging =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            never.join();
          }
        };
    hanging.start();
    logger.addAppender(hanging);
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> unit.key().equals("bad") ? never.join() : Outcome.done())
            .limits(l -> l.timeout(Duration.ofMillis(500)))
            .content(s -> s.put("bad", "").put("good", ""))
            .start()) {
      PoolFixture.until(() -> fixture.store.written.size() == 2);
      PoolFixture.until(() -> fixture.events(PoolEvent.RunTimedOut.class).size() == 1);
      fixture.store.ready();
      PoolFixture.until(() -> fixture.store.endsOf("bad").size() == 2);
    } finally {
      logger.detachAppender(hanging);
      never.complete(Outcome.done());
    }
  }

  @Test
  void whatCannotBeDecodedIsLoggedAsAnErrorThatSaysWhy() {
    Logger logger = (Logger) LoggerFactory.getLogger("io.deriver.Pool");
    List<String> errors = new CopyOnWriteArrayList<>();
    AppenderBase<ILoggingEvent> collecting =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getLevel() == Level.ERROR) {
              errors.add(event.getFormattedMessage());
            }
          }
        };
    collecting.start();
    logger.addAppender(collecting);
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done())
            .content(s -> s.put("bad", "undecodable"))
            .start()) {
      PoolFixture.until(() -> !errors.isEmpty());
      PoolFixture.until(() -> !fixture.events(PoolEvent.UnitSplit.class).isEmpty());
      assertThat(errors)
          .singleElement()
          .asString()
          .contains("Items dead-lettered: ")
          .contains("key=bad")
          .contains("cannot be decoded as");
      assertThat(fixture.events(PoolEvent.UnitSplit.class))
          .singleElement()
          .satisfies(split -> assertThat(split.error()).contains("no String"));
    } finally {
      logger.detachAppender(collecting);
    }
  }

  @Test
  void anIdlePoolSaysNothing() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done())
            .settings(p -> p.stallReportInterval(Duration.ofMillis(100)))
            .start()) {
      PoolFixture.until(() -> fixture.store.reaps.get() >= 20);
      assertThat(fixture.events)
          .singleElement()
          .isInstanceOfSatisfying(
              PoolEvent.PoolStarted.class, e -> assertThat(e.types()).containsExactly("test"));
    }
  }

  @Test
  void aPoolThatCannotClaimSaysSoAndIsNotReady() {
    try (PoolFixture fixture =
        PoolFixture.with((unit, run) -> Outcome.done())
            .settings(p -> p.stallReportInterval(Duration.ofMillis(100)))
            .build()) {
      fixture.store.onClaim =
          () -> {
            throw new IllegalStateException("no connection");
          };
      fixture.pool.start();
      PoolFixture.until(() -> !fixture.events(PoolEvent.Stalled.class).isEmpty());
      assertThat(fixture.events(PoolEvent.Stalled.class).get(0).why()).contains("no connection");
      assertThat(fixture.pool.health().readiness()).isEqualTo(Health.Status.DOWN);
      assertThat(fixture.pool.health().liveness()).isEqualTo(Health.Status.UP);
      fixture.store.onClaim = () -> {};
      PoolFixture.until(() -> fixture.pool.health().readiness() == Health.Status.UP);
      PoolFixture.until(() -> !fixture.events(PoolEvent.DutyRecovered.class).isEmpty());
    }
  }
}
