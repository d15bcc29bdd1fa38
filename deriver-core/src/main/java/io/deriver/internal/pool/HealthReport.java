package io.deriver.internal.pool;

import io.deriver.Health;
import io.deriver.Health.DutyInfo;
import io.deriver.Health.Status;
import io.deriver.internal.PoolSettings;
import io.deriver.spi.NodeStore;
import io.deriver.spi.PoolClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the rooms and says how the pool is. Waits for nothing and changes nothing. */
final class HealthReport {

  private static final Duration WATCHDOG_STUCK = Duration.ofSeconds(30);

  private final PoolSettings settings;
  private final NodeStore store;
  private final Rooms rooms;
  private final PoolClock clock;

  HealthReport(PoolSettings settings, NodeStore store, Rooms rooms, PoolClock clock) {
    this.settings = settings;
    this.store = store;
    this.rooms = rooms;
    this.clock = clock;
  }

  Health read() {
    List<String> reasons = new ArrayList<>();
    List<DutyInfo> duties = rooms.duties().stream().map(this::infoOf).toList();
    Status liveness = liveness(reasons);
    Status readiness = liveness == Status.DOWN ? Status.DOWN : readiness(duties, reasons);
    reasons.addAll(store.remarks());
    return new Health(
        liveness,
        readiness,
        reasons,
        settings.slots(),
        rooms.runs().size(),
        rooms.ahead().count(),
        rooms.outcomes().unwritten(),
        RunNames.all(rooms.abandoned().all(), clock, this::stackOf),
        RunNames.oldest(rooms.runs().live(), clock, this::stackOf),
        duties);
  }

  private String stackOf(Run run) {
    return rooms.stacks().take(run);
  }

  private DutyInfo infoOf(Duty duty) {
    return new DutyInfo(
        duty.name(),
        duty.sinceTick(),
        rooms.answers().since(duty.name()),
        duty.failures(),
        duty.passing(),
        duty.isStuck() ? rooms.stacks().stackOf(duty.thread()) : "");
  }

  private Status liveness(List<String> reasons) {
    if (rooms.saturation().onlyARestartHelps()) {
      reasons.add(
          "%d threads are abandoned, the cap is %d, and none has come back for %s: only a restart frees them"
              .formatted(
                  rooms.abandoned().count(),
                  rooms.abandoned().cap(),
                  rooms.abandoned().sinceReturn()));
      return Status.DOWN;
    }
    if (rooms.watchdog().sinceTick().compareTo(WATCHDOG_STUCK) > 0) {
      reasons.add("the watchdog has not ticked for " + rooms.watchdog().sinceTick());
      return Status.DOWN;
    }
    return Status.UP;
  }

  private Status readiness(List<DutyInfo> duties, List<String> reasons) {
    List<String> paused = new ArrayList<>(rooms.pauses().inWords());
    paused.addAll(rooms.breakers().inWords());
    reasons.addAll(paused);
    Status status = paused.isEmpty() ? Status.UP : Status.DEGRADED;
    for (Duty duty : rooms.duties()) {
      if (duty.failures() > 0) {
        reasons.add(
            "%s failed %d times in a row: %s"
                .formatted(duty.name(), duty.failures(), duty.lastError()));
        status = Status.DEGRADED;
      }
    }
    for (DutyInfo stuck : duties) {
      if (!stuck.stack().isEmpty()) {
        reasons.add(
            "a pass of the %s has not ended for %s; it is at %s"
                .formatted(stuck.name(), stuck.passing(), ErrorText.top(stuck.stack())));
        status = Status.DEGRADED;
      }
    }
    int starved = rooms.starvation().starved().size();
    if (starved > 0) {
      reasons.add(
          "%d runs were started and no thread has come to them; on virtual threads: others hold all carriers"
              .formatted(starved));
      status = Status.DEGRADED;
    }
    if (rooms.abandoned().count() > 0) {
      reasons.add(
          "%d abandoned threads; claiming stops at %d"
              .formatted(rooms.abandoned().count(), rooms.abandoned().cap()));
      status = Status.DEGRADED;
    }
    return claims(reasons) ? status : Status.DOWN;
  }

  private boolean claims(List<String> reasons) {
    int before = reasons.size();
    if (rooms.dispatcher().isDraining()) {
      reasons.add("the pool is draining: it claims nothing more");
    } else if (rooms.dispatcher().isPaused()) {
      reasons.add("the pool is paused");
    }
    if (rooms.abandoned().atCap()) {
      reasons.add("the pool stands at its cap of abandoned threads and claims nothing");
    }
    if (rooms.outcomes().waiting() >= settings.maxUnwritten()) {
      reasons.add(
          "%d outcomes wait to be written, maxUnwritten is %d: nothing is claimed"
              .formatted(rooms.outcomes().waiting(), settings.maxUnwritten()));
    }
    return reasons.size() == before
        && rooms.claiming().failures() == 0
        && !rooms.claiming().isStuck();
  }
}
