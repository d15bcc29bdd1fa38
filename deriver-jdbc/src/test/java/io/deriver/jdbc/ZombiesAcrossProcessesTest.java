package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guards what becomes of a key whose run hangs in one process while another would work it: by both
 * policies, when the holder is killed, and when it is stopped and goes on later.
 */
class ZombiesAcrossProcessesTest {

  private static final Db DB = Db.installed("zombies");
  private static final String TIMEOUT = "1000";
  private static final String LEASE = "3000";
  private static final long BACKOFF = 400;

  private final Path folder;

  ZombiesAcrossProcessesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void empty() {
    DB.empty();
    DB.execute("DROP TABLE IF EXISTS deriver.effect");
    DB.execute("CREATE TABLE deriver.effect (key text, process text)");
  }

  private ZombieProcess hangs(String timeout, String hold) throws IOException {
    return ZombieProcess.start(folder, DB, "hangs", timeout, hold, LEASE);
  }

  private ZombieProcess works() throws IOException {
    return ZombieProcess.start(folder, DB, "works", "60000", "0", LEASE);
  }

  /** The first takes the key and hangs in it; then the other begins to look for work. */
  private static void begin(ZombieProcess hangs, ZombieProcess works) throws IOException {
    DB.queue().enqueue(Item.of(ZombieHost.TYPE, "key", "x"));
    hangs.awaits("ready");
    works.awaits("ready");
    hangs.tell("start");
    hangs.awaits("run key");
    works.tell("start");
  }

  private static void workedOnceByTheOther(ZombieProcess hangs, ZombieProcess works) {
    works.awaits("completed key");
    assertThat(works.number("run key", "fence")).isGreaterThan(hangs.number("run key", "fence"));
    assertThat(DB.column("SELECT process FROM deriver.effect WHERE key = 'key'"))
        .containsExactly("works");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> DB.number("SELECT count(*) FROM deriver.item") == 0);
  }

  /** The other is alive and looks for work: it works three keys, one after the other. */
  private static void looksForWork(ZombieProcess works) {
    for (int i = 1; i <= 3; i++) {
      DB.queue().enqueue(Item.of(ZombieHost.TYPE, "probe" + i, "x"));
      works.awaits("completed probe" + i);
    }
  }

  private static long heldFor() {
    return DB.number(
        """
        SELECT coalesce(max(extract(epoch FROM clock_timestamp() - claimed_at) * 1000), 0)::bigint
          FROM deriver.head WHERE key = 'key' AND fence IS NOT NULL
        """);
  }

  private static void print(String what, long millis) {
    System.out.printf(Locale.ROOT, "%-64s %,6d ms%n", what, millis);
  }

  @Test
  void aReleasedKeyIsWorkedByTheOtherAfterItsBackoffAndTheZombieComesTooLate() throws Exception {
    try (ZombieProcess hangs = hangs(TIMEOUT, "0");
        ZombieProcess works = works()) {
      begin(hangs, works);
      long ended = hangs.awaits("ended by force key");
      long taken = works.awaits("run key");
      assertThat(taken - ended).isGreaterThanOrEqualTo(BACKOFF / 2 - 50);
      workedOnceByTheOther(hangs, works);

      hangs.tell("return");

      hangs.awaits("came back key after");
      long late = hangs.number("came back key", "after");
      assertThat(late).isGreaterThanOrEqualTo(taken - ended);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  hangs.output().stream()
                      .anyMatch(line -> line.contains("Thread came back") && line.contains("key")));
      workedOnceByTheOther(hangs, works);
      print("release: end by force until the other process runs the key", taken - ended);
      print("release: the zombie came back so late, its outcome not used", late);
    }
  }

  @Test
  void aHeldKeyIsTheOthersWhenTheThreadReturns() throws Exception {
    try (ZombieProcess hangs = hangs(TIMEOUT, "3600000");
        ZombieProcess works = works()) {
      begin(hangs, works);
      hangs.awaits("ended by force key");
      // The guard of a claim that is not held would be a second of timeout and one of grace.
      await().atMost(Duration.ofSeconds(60)).until(() -> heldFor() > 3_000);
      looksForWork(works);
      assertThat(works.said("run key")).isEmpty();

      hangs.tell("return");

      long returned = hangs.awaits("came back key after");
      long taken = works.awaits("run key");
      workedOnceByTheOther(hangs, works);
      print("hold: return of the thread until the other process runs the key", taken - returned);
    }
  }

  @Test
  void aHeldKeyIsTheOthersAtTheLatestAfterTheHold() throws Exception {
    long hold = 2_000;
    try (ZombieProcess hangs = hangs(TIMEOUT, String.valueOf(hold));
        ZombieProcess works = works()) {
      begin(hangs, works);
      long ended = hangs.awaits("ended by force key");
      long taken = works.awaits("run key");
      assertThat(taken - ended).isGreaterThanOrEqualTo(hold);
      workedOnceByTheOther(hangs, works);
      print("hold of 2 s: end by force until the other process runs the key", taken - ended);
      hangs.tell("return");
      hangs.awaits("came back key after");
      workedOnceByTheOther(hangs, works);
    }
  }

  @Test
  void aKeyWhoseHolderIsKilledIsTheOthersAfterTheLease() throws Exception {
    try (ZombieProcess hangs = hangs(TIMEOUT, "3600000");
        ZombieProcess works = works()) {
      begin(hangs, works);
      hangs.awaits("ended by force key");
      looksForWork(works);
      assertThat(works.said("run key")).isEmpty();

      long killed = hangs.kill();

      works.awaits("reaped key the lease of its node has expired");
      long taken = works.awaits("run key");
      // The last renewal was one interval before it was killed, at most, and some time to do it.
      assertThat(taken - killed).isGreaterThanOrEqualTo(Long.parseLong(LEASE) / 2);
      workedOnceByTheOther(hangs, works);
      print("hold, holder killed: until the other process runs the key", taken - killed);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aProcessThatStandsStillForLongerThanItsLeaseIsRefusedWhenItGoesOn() throws Exception {
    try (ZombieProcess hangs = hangs("600000", "0");
        ZombieProcess works = works()) {
      begin(hangs, works);
      hangs.signal("STOP");
      long stopped = System.currentTimeMillis();
      long taken = works.awaits("run key");
      works.awaits("reaped key");
      workedOnceByTheOther(hangs, works);

      hangs.signal("CONT");

      long lost = hangs.awaits("lost its lease, runs 1");
      hangs.awaits("refused Released key");
      hangs.tell("return");
      hangs.awaits("came back key after");
      workedOnceByTheOther(hangs, works);
      print("holder stopped: until the other process runs the key", taken - stopped);
      print("holder goes on: until it stops its run", lost - taken);
    }
  }
}
