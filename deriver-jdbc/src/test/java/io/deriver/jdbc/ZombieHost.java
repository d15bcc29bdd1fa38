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
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A process of {@link ZombiesAcrossProcessesTest}: it takes one unit and hangs in it, deaf to
 * interrupts, until it is told to return; or it works whatever comes. Told by lines of its input,
 * it tells by lines of its output, each with the time.
 */
final class ZombieHost {

  static final ItemType<String> TYPE = ItemType.of("mail", String.class);

  private static final CountDownLatch RETURN = new CountDownLatch(1);
  private static final CountDownLatch TAKEN = new CountDownLatch(1);

  private ZombieHost() {}

  /** Arguments: port, schema, "hangs" or "works", timeout, hold and lease in milliseconds. */
  public static void main(String[] args) throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://localhost:" + args[0] + "/postgres?user=postgres");
    boolean hangs = args[2].equals("hangs");
    long hold = Long.parseLong(args[4]);
    PostgresQueue queue = PostgresQueue.builder(source).schema(args[1]).build();
    Pool pool =
        Pool.builder(queue.store())
            .name(args[2])
            .slots(2)
            .pollInterval(Duration.ofMillis(20), Duration.ofMillis(100))
            .lease(Duration.ofMillis(Long.parseLong(args[5])))
            .renewInterval(Duration.ofMillis(300))
            .storeTimeout(Duration.ofSeconds(1))
            .reapInterval(Duration.ofMillis(200))
            .completionGrace(Duration.ofSeconds(1))
            .listener(ZombieHost::tell)
            .processor(
                TYPE,
                (unit, run) -> {
                  say("run " + unit.key() + " fence " + run.fence() + " attempt " + run.attempt());
                  if (hangs) {
                    hang();
                  }
                  return effect(queue, unit, args);
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
    listen(pool, hangs);
  }

  private static Outcome effect(PostgresQueue queue, WorkUnit<String> unit, String[] args) {
    return queue.apply(
        handle ->
            handle.execute(
                "INSERT INTO " + args[1] + ".effect VALUES (?, ?)", unit.key(), args[2]));
  }

  private static void listen(Pool pool, boolean hangs) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = input.readLine()) != null; ) {
      switch (line) {
        case "start" -> {
          pool.start();
          if (hangs) {
            pauseWhenTaken(pool);
          }
        }
        case "return" -> RETURN.countDown();
        default -> throw new IllegalArgumentException(line);
      }
    }
    pool.close();
  }

  // So that the key is the other's, whenever it is free again.
  private static void pauseWhenTaken(Pool pool) {
    try {
      TAKEN.await();
      pool.pause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void hang() {
    TAKEN.countDown();
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
