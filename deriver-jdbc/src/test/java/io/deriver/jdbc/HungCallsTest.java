package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Health;
import io.deriver.PoolEvent;
import io.deriver.jdbc.HungCall.Way;
import io.deriver.jdbc.HungWorld.Tempo;
import io.deriver.spi.StoreException;
import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Guards that each call to the database can hang, in each way, while every other duty goes on, and
 * that all is well when the network lets go: each item ended once, each slot free, no connection
 * left behind. The cases run side by side: they wait, mostly.
 */
class HungCallsTest {

  private static final Tempo SHORT =
      new Tempo(
          Duration.ofSeconds(20),
          Duration.ofMillis(300),
          Duration.ofMillis(300),
          // What a busy machine is slow in must not count as a call that hung, too.
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ZERO,
          Duration.ofSeconds(60));
  private static final Tempo AT_DEFAULTS =
      new Tempo(
          Duration.ofSeconds(34),
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofMinutes(4));

  @TestFactory
  Stream<DynamicTest> everyCallInEveryWay() {
    List<Case> cases = new ArrayList<>();
    for (Way way : Way.values()) {
      for (HungCall call : HungCall.values()) {
        // An older server keeps their locks; the rest holds nothing that other duties wait for.
        boolean staysHeld =
            way == Way.HALF_HELD && (call == HungCall.RENEW || call == HungCall.STEP_END);
        if (!staysHeld || Db.endsHalfDeliveredTransactions()) {
          cases.add(new Case(call, way, SHORT, "h_"));
        }
      }
    }
    return sideBySide(cases, 14);
  }

  @TestFactory
  @Tag("soak")
  Stream<DynamicTest> everyCallForAMinuteAtTheDefaults() {
    List<Case> cases = new ArrayList<>();
    for (HungCall call : HungCall.values()) {
      cases.add(new Case(call, Way.HELD, AT_DEFAULTS, "m_"));
      cases.add(new Case(call, Way.ANSWER_HELD, AT_DEFAULTS, "m_"));
    }
    return sideBySide(cases, cases.size());
  }

  private static Stream<DynamicTest> sideBySide(List<Case> cases, int atOnce) {
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    List<CompletableFuture<Void>> running =
        cases.stream().map(one -> CompletableFuture.runAsync(one::run, threads)).toList();
    threads.shutdown();
    return Stream.iterate(0, i -> i < cases.size(), i -> i + 1)
        .map(
            i ->
                DynamicTest.dynamicTest(
                    cases.get(i).toString(), () -> running.get(i).get(10, TimeUnit.MINUTES)));
  }

  private record Case(HungCall call, Way way, Tempo tempo, String prefix) {

    void run() {
      String name = prefix + toString().replace(' ', '_');
      try (HungWorld world = new HungWorld(name, tempo)) {
        TcpProxy proxy = call.isOfHost() ? world.host : world.control;
        if (call == HungCall.LISTEN) {
          Trap trap = call.trap(way, proxy);
          world.begin();
          hung(world, trap);
        } else {
          world.begin();
          hung(world, call.trap(way, proxy));
        }
      } catch (RuntimeException | Error e) {
        throw new AssertionError(this + " failed", e);
      }
    }

    private void hung(HungWorld world, Trap trap) {
      long began = System.nanoTime();
      long lease = world.leaseEnd();
      provoke(world);
      world.until(() -> trap.caught() > 0);
      if (!call.duty.isEmpty()) {
        world.until(() -> world.failures(call.duty) >= (way.lasts() ? 2 : 1));
      }
      othersGoOn(world, lease);
      if (way.lasts()) {
        saysSo(world);
      }
      world.until(() -> System.nanoTime() - began >= tempo.hold().toNanos());
      long most = world.connections();
      int caught = trap.caught();
      trap.letGo();
      long letGo = System.nanoTime();
      if (!call.duty.isEmpty()) {
        world.until(() -> world.recovered(call.duty));
      }
      if (call == HungCall.ENQUEUE) {
        world.enqueueAsHost("host 2");
      }
      long recovered = System.nanoTime();
      if (call == HungCall.LISTEN) {
        world.until(() -> listens(world.pool.health()));
      }
      world.endsWell();
      System.out.printf(
          Locale.ROOT,
          "%-24s caught %2d, failures %2d, connections at most %2d; the duty back after %,6d ms, all"
              + " ended after %,6d ms%n",
          this,
          caught,
          world.failures(call.duty),
          most,
          Duration.ofNanos(recovered - letGo).toMillis(),
          Duration.ofNanos(System.nanoTime() - letGo).toMillis());
    }

    private void provoke(HungWorld world) {
      switch (call) {
        case COMPLETE -> world.enqueue("done 1");
        case FAIL -> world.enqueue("fails 1");
        case RELEASE -> world.enqueue("rests 1");
        case STEP_BEGIN, STEP_END -> world.enqueue("step 1");
        case GIVE_BACK -> {
          Trap lost = world.control.cutAnswerSaying(1, "stray");
          world.enqueue("stray");
          world.until(() -> lost.caught() == 1);
        }
        case ENQUEUE -> enqueueWithinItsLimit(world);
        case CLAIM, RENEW, REAP, LISTEN -> {}
      }
    }

    private void enqueueWithinItsLimit(HungWorld world) {
      for (int i = 0; i < (way.lasts() ? 1 : Way.TIMES); i++) {
        long before = System.nanoTime();
        try {
          world.enqueueAsHost("host 1");
          throw new AssertionError("it did not hang");
        } catch (StoreException e) {
          assertThat(e).hasMessageContaining("could not enqueue");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before))
            .isLessThan(tempo.callTimeout().plusSeconds(2).plus(Duration.ofSeconds(10)));
      }
      if (way == Way.HELD || way == Way.HALF_HELD || way == Way.CUT) {
        world.enqueue("host 1");
      }
    }

    /** What does not need the call that hangs. */
    private void othersGoOn(HungWorld world, long lease) {
      boolean claims = call != HungCall.CLAIM || !way.lasts();
      boolean writes = !call.duty.equals("outcome-writer") || !way.lasts();
      boolean renews = call != HungCall.RENEW || !way.lasts();
      boolean reaps = call != HungCall.REAP || !way.lasts();
      world.orphan("orphan");
      world.enqueue("done 2");
      world.open("gate a");
      world.until(() -> world.timedOut("late"));
      world.until(() -> world.hasEnded("gate a"));
      if (claims) {
        world.until(() -> world.hasEnded("done 2"));
      }
      if (writes) {
        world.until(() -> world.isWritten("gate a"));
      }
      if (claims && writes) {
        world.until(() -> world.isWritten("done 2"));
      }
      if (claims && !call.isOfStep()) {
        world.enqueue("step 2");
        world.until(() -> world.isWritten("step 2"));
      }
      if (renews) {
        world.until(() -> world.leaseEnd() > lease);
      }
      if (reaps) {
        world.until(() -> world.reaped("orphan"));
      }
    }

    private void saysSo(HungWorld world) {
      Health health = world.pool.health();
      assertThat(health.liveness()).isEqualTo(Health.Status.UP);
      if (!call.duty.isEmpty()) {
        assertThat(world.failures(call.duty)).isGreaterThanOrEqualTo(2);
        world.until(
            () ->
                world.pool.health().reasons().stream()
                    .anyMatch(reason -> reason.startsWith(call.duty + " failed")));
      } else if (call.isOfStep()) {
        world.until(
            () ->
                // The run that hangs on purpose is ended by force, too.
                world.count(PoolEvent.UnitReleased.class)
                        + world.count(PoolEvent.WriteUnknown.class)
                        + world.count(PoolEvent.RunTimedOut.class)
                    > 1);
      } else if (call == HungCall.LISTEN) {
        assertThat(listens(health)).isFalse();
      }
    }

    private static boolean listens(Health health) {
      return health.reasons().stream().noneMatch(reason -> reason.contains("not listening"));
    }

    @Override
    public String toString() {
      return (call + " " + way).toLowerCase(Locale.ROOT);
    }
  }
}
