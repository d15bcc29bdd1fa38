package io.deriver.internal.pool;

import io.deriver.PoolEvent;
import io.deriver.spi.ClaimEnd.Cause;
import org.slf4j.Logger;

/** Writes each event as one log line: what happened, to what, and what happens next. */
final class EventLog {

  private final String pool;
  private final Logger log;

  EventLog(String pool, Logger log) {
    this.pool = pool;
    this.log = log;
  }

  /** Whether the event makes a line. Most do not, and none of them is worth waking a thread. */
  boolean wants(PoolEvent event) {
    return log.isDebugEnabled()
        || !(event instanceof PoolEvent.RunStarted
            || event instanceof PoolEvent.UnitCompleted
            || event instanceof PoolEvent.KeyDrained);
  }

  void write(PoolEvent event) {
    if (event instanceof PoolEvent.RunStarted e) {
      log.debug(
          "[{}] Run started: {} attempt={} items={}", pool, e.claim(), e.attempt(), e.items());
    } else if (event instanceof PoolEvent.UnitCompleted e) {
      log.debug(
          "[{}] Unit completed: {} attempt={} items={} took={}",
          pool,
          e.claim(),
          e.attempt(),
          e.items(),
          e.took());
    } else if (event instanceof PoolEvent.KeyDrained e) {
      log.debug("[{}] Key drained: nothing of it waits after {}", pool, e.claim());
    } else if (event instanceof PoolEvent.UnitRetried e) {
      log.warn(
          "[{}] Attempt failed: {} attempt={}; its oldest items are tried again in {}: {}",
          pool,
          e.claim(),
          e.attempt(),
          e.delay(),
          once(e.cause(), e.error()));
    } else if (event instanceof PoolEvent.UnitReleased e) {
      log.info(
          "[{}] Claim given back: {} attempt={} (not counted); it can be claimed again in {}: {}",
          pool,
          e.claim(),
          e.attempt(),
          e.delay(),
          e.reason());
    } else if (event instanceof PoolEvent.UnitDeadLettered e) {
      log.error(
          "[{}] Unit dead-lettered: {} attempt={} items={}; it waits for an operator, items behind it"
              + " go on: {}",
          pool,
          e.claim(),
          e.attempt(),
          e.items(),
          once(e.cause(), e.error()));
    } else if (event instanceof PoolEvent.UnitDiscarded e) {
      log.info(
          "[{}] Unit discarded: {} attempt={}; its items are gone: {}",
          pool,
          e.claim(),
          e.attempt(),
          e.reason());
    } else if (event instanceof PoolEvent.UnitSplit e) {
      writeSplit(e);
    } else {
      writeTrouble(event);
    }
  }

  private void writeSplit(PoolEvent.UnitSplit e) {
    if (e.deadLettered() == 0 && e.failed() > 0) {
      log.warn(
          "[{}] Items failed: {} attempt={} items={}; {} items done, the rest is tried again in {}:"
              + " {}",
          pool,
          e.claim(),
          e.attempt(),
          e.failed(),
          e.done(),
          e.delay(),
          e.error());
    } else if (e.deadLettered() == 0) {
      log.info(
          "[{}] Unit split: {} attempt={}; {} items done, the rest is claimed again",
          pool,
          e.claim(),
          e.attempt(),
          e.done());
    } else {
      log.error(
          "[{}] Items dead-lettered: {} attempt={} items={}; they wait for an operator, {} items"
              + " done, the rest is claimed again in {}: {}",
          pool,
          e.claim(),
          e.attempt(),
          e.deadLettered(),
          e.done(),
          e.delay(),
          e.error());
    }
  }

  // Of an outage each duty would write a line a second, for as long as it lasts.
  private static boolean isNews(PoolEvent.DutyFailed failed) {
    return failed.failures() <= 5 || failed.failures() % 10 == 0;
  }

  // The stack of a run that was ended by force has its own line already.
  private static String once(Cause cause, String error) {
    return cause == Cause.TIMEOUT ? error.lines().findFirst().orElse("") : error;
  }

  private void writeTrouble(PoolEvent event) {
    if (event instanceof PoolEvent.RunTimedOut e) {
      log.warn(
          "[{}] Run ended by force: {} attempt={} by {} after {}; its slot is free, its thread is"
              + " asked to stop. It was at:\n{}",
          pool,
          e.claim(),
          e.attempt(),
          e.limit(),
          e.after(),
          e.stack());
    } else if (event instanceof PoolEvent.RunCancelled e) {
      log.warn(
          "[{}] Run stopped: {} attempt={}; its slot is free, a thread that it has is asked to stop: {}",
          pool,
          e.claim(),
          e.attempt(),
          e.reason());
    } else if (event instanceof PoolEvent.RunAbandoned e) {
      log.warn(
          "[{}] Thread abandoned: {} attempt={}; it was asked to stop {} ago and is still not back,"
              + " {} threads are abandoned, claiming stops at {}. It is at:\n{}",
          pool,
          e.claim(),
          e.attempt(),
          e.since(),
          e.abandoned(),
          e.cap(),
          e.stack());
    } else if (event instanceof PoolEvent.LateReturn e) {
      log.info(
          "[{}] Thread came back {} after its run was ended: {} attempt={}; its outcome is not"
              + " used, {} threads are still abandoned",
          pool,
          e.late(),
          e.claim(),
          e.attempt(),
          e.stillAbandoned());
    } else if (event instanceof PoolEvent.WriteRefused e) {
      log.warn(
          "[{}] Write refused: {} {}; the claim is no longer this run's, nothing was changed",
          pool,
          e.write(),
          e.claim());
    } else if (event instanceof PoolEvent.WriteUnknown e) {
      log.warn(
          "[{}] Write unknown: {} {}; an answer was lost and the claim is gone: it took effect"
              + " then, or the claim was reaped since",
          pool,
          e.write(),
          e.claim());
    } else if (event instanceof PoolEvent.WriteGivenUp e) {
      log.error(
          "[{}] Write given up: {} {}; its claim can no longer be ours, a reaper takes it back: {}",
          pool,
          e.write(),
          e.claim(),
          e.error());
    } else if (event instanceof PoolEvent.ClaimReaped e) {
      log.warn(
          "[{}] Claim reaped: {} node={}: {}; {}",
          pool,
          e.claim(),
          e.claim().node(),
          e.reason(),
          e.deadLettered() ? "its item is a dead letter now" : "its unit can be claimed again");
    } else {
      writeState(event);
    }
  }

  private void writeState(PoolEvent event) {
    if (event instanceof PoolEvent.PoolStarted e) {
      log.info(
          "[{}] Started: node={} slots={} types={}; it reaps first and then claims",
          pool,
          e.node(),
          e.slots(),
          e.types());
    } else if (event instanceof PoolEvent.RunsWithoutThread e) {
      log.warn(
          "[{}] {} runs were started and no thread has come to them; on virtual threads: others"
              + " spin or are pinned, and hold all carriers. At their limits they are given back,"
              + " uncounted: {}",
          pool,
          e.count(),
          e.runs());
    } else if (event instanceof PoolEvent.LeaseLost e) {
      log.error(
          "[{}] Lease lost: {}; {} runs were stopped, other nodes may work their units",
          pool,
          e.reason(),
          e.runsCancelled());
    } else if (event instanceof PoolEvent.Saturated e) {
      log.error(
          "[{}] Saturated: {} abandoned threads, cap {}; nothing is claimed until one returns,"
              + " reaping and renewal go on: {}",
          pool,
          e.abandoned(),
          e.cap(),
          e.runs());
    } else if (event instanceof PoolEvent.RestartNeeded e) {
      log.error(
          "[{}] Only a restart helps: {} threads are abandoned and none has come back for {};"
              + " liveness is DOWN, the callback of whenSaturatedFor is called once",
          pool,
          e.abandoned(),
          e.sinceReturn());
    } else if (event instanceof PoolEvent.Resumed e) {
      log.info("[{}] Claiming again: {} abandoned threads", pool, e.abandoned());
    } else if (event instanceof PoolEvent.DutyFailed e) {
      if (isNews(e)) {
        log.warn(
            "[{}] {} failed, {} times in a row; next try in {}: {}",
            pool,
            e.duty(),
            e.failures(),
            e.retryIn(),
            e.error());
      }
    } else if (event instanceof PoolEvent.DutyRecovered e) {
      log.info("[{}] {} works again after {} failures", pool, e.duty(), e.failures());
    } else if (event instanceof PoolEvent.TypePaused e) {
      log.error(
          "[{}] Type paused: type={} for {}; its live runs go on, others are claimed after that: {}",
          pool,
          e.type(),
          e.pause(),
          e.reason());
    } else if (event instanceof PoolEvent.BreakerOpened e) {
      log.error(
          "[{}] Breaker open: type={} failed for {} keys in a row; one unit at a time is claimed until"
              + " one is done, what fails meanwhile gets its attempt back: {}",
          pool,
          e.type(),
          e.failures(),
          e.reason());
    } else if (event instanceof PoolEvent.BreakerClosed e) {
      log.info(
          "[{}] Breaker closed: type={} after {} and {} probes; all of it is claimed again",
          pool,
          e.type(),
          e.open(),
          e.probes());
    } else if (event instanceof PoolEvent.TypesUnserved e) {
      log.warn(
          "[{}] Items wait whose type no live node serves: {}; they stay pending until one does",
          pool,
          e.types());
    } else if (event instanceof PoolEvent.Stalled e) {
      log.warn(
          "[{}] Nothing has ended for {}: {}; told again while it lasts: {}",
          pool,
          e.since(),
          e.why(),
          e.runs());
    } else if (event instanceof PoolEvent.Drained e) {
      log.info(
          "[{}] Drained: {} runs ended, {} claims given back, {} of their threads are not back, {} outcomes"
              + " unwritten; nothing more is claimed",
          pool,
          e.report().ended(),
          e.report().released(),
          e.report().abandoned(),
          e.report().unwritten());
    } else if (event instanceof PoolEvent.EventsDropped e) {
      log.warn(
          "[{}] {} events were dropped: {} was too slow; those that follow are passed on",
          pool,
          e.dropped(),
          e.outlet());
    }
  }
}
