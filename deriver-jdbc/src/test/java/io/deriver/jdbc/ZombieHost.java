package io.deriver.jdbc;

import io.deriver.Backoff;
import io.deriver.ItemType;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.PoolEvent;
import io.deriver.WorkUnit;
import io.deriver.ZombiePolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process of {@link ZombiesAcrossProcessesTest}: it takes as many units as it is told and hangs
 * in them, deaf to interrupts, until it is told to return; or it works whatever comes. Told by
 * lines of its input, it tells by lines of its output, each with the time.
 */
final class ZombieHost {

  static final ItemType<String> TYPE = ItemType.of("mail", String.class);

  private static final CountDownLatch RETURN = new CountDownLatch(1);
  private static final Semaphore TAKEN = new Semaphore(0);

  private ZombieHost() {}

  /**
   * Arguments: port, schema, "works" or "hangs" and how many units at once, timeout and hold, and
   * lease, renewal, limit of a call and reaping, all in milliseconds; no lease for the defaults.
   */
  public static void main(String[] args) throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://localhost:" + args[0] + "/postgres?user=postgres");
    boolean hangs = args[2].startsWith("hangs");
    int units = args[2].equals("hangs8") ? 8 : 1;
    long hold = Long.parseLong(args[4]);
    PostgresQueue queue = PostgresQueue.builder(source).schema(args[1]).build();
    Pool.Builder builder = Pool.builder(queue.store()).name(args[2]);
    if (args.length > 5) {
      builder
          .pollInterval(Duration.ofMillis(20), Duration.ofMillis(100))
          .lease(millis(args[5]))
          .renewInterval(millis(args[6]))
          .storeTimeout(millis(args[7]))
          .reapInterval(millis(args[8]))
          .completionGrace(Duration.ofSeconds(1));
    }
    Pool pool =
        builder
            .listener(ZombieHost::tell)
            .processor(
                TYPE,
                (unit, run) -> {
                  say("run " + unit.key() + " fence " + run.fence() + " attempt " + run.attempt());
                  if (hangs) {
                    hang();
                  }
                  return end(queue, unit, args);
                },
                limits ->
                    limits
                        .timeout(Duration.ofMillis(Long.parseLong(args[3])))
                        .backoff(
                            Backoff.exponential(Duration.ofMillis(400), Duration.ofMillis(400)))
                        .zombiePolicy(
                            hold == 0
                                ? ZombiePolicy.release()
                                : ZombiePolicy.hold(Duration.ofMillis(hold))))
            .build();
    say("ready");
    listen(pool, hangs ? units : 0);
  }

  private static Duration millis(String text) {
    return Duration.ofMillis(Long.parseLong(text));
  }

  private static Outcome end(PostgresQueue queue, WorkUnit<String> unit, String[] args) {
    if (unit.key().startsWith("fails") && args[2].startsWith("hangs")) {
      throw new IllegalStateException("on purpose");
    }
    if (unit.key().startsWith("done")) {
      return Outcome.done();
    }
    return queue.apply(
        handle ->
            handle.execute(
                "INSERT INTO " + args[1] + ".effect VALUES (?, ?)", unit.key(), args[2]));
  }

  private static void listen(Pool pool, int units) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = input.readLine()) != null; ) {
      switch (line) {
        case "start" -> {
          pool.start();
          if (units > 0) {
            pauseWhenTaken(pool, units);
          }
        }
        case "return" -> RETURN.countDown();
        default -> throw new IllegalArgumentException(line);
      }
    }
    pool.close();
  }

  // So that the keys are the other's, whenever they are free again.
  private static void pauseWhenTaken(Pool pool, int units) {
    try {
      TAKEN.acquire(units);
      pool.pause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void hang() {
    TAKEN.release();
    boolean interrupted = false;
    while (RETURN.getCount() > 0) {
      try {
        boolean unused = RETURN.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tell(PoolEvent event) {
    if (event instanceof PoolEvent.RunTimedOut e) {
      say("ended by force " + e.claim().key());
    } else if (event instanceof PoolEvent.LateReturn e) {
      say("came back " + e.claim().key() + " after " + e.late().toMillis());
    } else if (event instanceof PoolEvent.WriteRefused e) {
      say("refused " + e.write() + " " + e.claim().key());
    } else if (event instanceof PoolEvent.ClaimReaped e) {
      say("reaped " + e.claim().key() + " " + e.reason());
    } else if (event instanceof PoolEvent.UnitCompleted e) {
      say("completed " + e.claim().key());
    } else if (event instanceof PoolEvent.LeaseLost e) {
      say("lost its lease, runs " + e.runsCancelled());
    }
  }

  private static void say(String line) {
    System.out.println("@" + System.currentTimeMillis() + " " + line);
  }
}
