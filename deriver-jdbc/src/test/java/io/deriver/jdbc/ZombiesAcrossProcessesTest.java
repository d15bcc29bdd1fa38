package io.deriver.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deriver.Item;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Guards what becomes of a key whose run hangs in one process while another would work it: by both
 * policies, when the holder is killed, and when it is stopped and goes on later.
 */
class ZombiesAcrossProcessesTest {

  private static final Db DB = Db.installed("zombies");
  private static final String TIMEOUT = "1000";
  private static final String LEASE = "3000";
  private static final List<String> UPKEEP = List.of(LEASE, "300", "1000", "200");
  private static final List<String> SHORTEST = List.of("1000", "100", "400", "100");
  private static final List<String> DEFAULTS = List.of();
  private static final List<String> KEYS =
      List.of("done0", "done1", "done2", "fails0", "fails1", "step0", "step1", "step2");
  private static final long BACKOFF = 400;

  @BeforeEach
  void empty() {
    DB.empty();
    DB.execute("DROP TABLE IF EXISTS deriver.effect");
    DB.execute("CREATE TABLE deriver.effect (key text, process text)");
  }

  private static ZombieProcess hangs(String timeout, String hold) {
    return process("hangs", timeout, hold, UPKEEP);
  }

  private static ZombieProcess works() {
    return process("works", "60000", "0", UPKEEP);
  }

  private static ZombieProcess process(
      String role, String timeout, String hold, List<String> upkeep) {
    List<String> settings = new ArrayList<>(List.of(timeout, hold));
    settings.addAll(upkeep);
    return ZombieProcess.start(DB, role, settings.toArray(String[]::new));
  }

  /** The first takes eight keys and hangs in them; then the other begins to look for work. */
  private static void beginEight(ZombieProcess hangs, ZombieProcess works)
      throws InterruptedException {
    KEYS.forEach(key -> DB.queue().enqueue(Item.of(ZombieHost.TYPE, key, "x")));
    hangs.awaits("ready");
    works.awaits("ready");
    hangs.tell("start");
    for (String key : KEYS) {
      hangs.awaits("run " + key);
    }
    works.tell("start");
  }

  /** The first takes the key and hangs in it; then the other begins to look for work. */
  private static void begin(ZombieProcess hangs, ZombieProcess works) throws InterruptedException {
    DB.queue().enqueue(Item.of(ZombieHost.TYPE, "key", "x"));
    hangs.awaits("ready");
    works.awaits("ready");
    hangs.tell("start");
    hangs.awaits("run key");
    works.tell("start");
  }

  private static void workedOnceByTheOther(ZombieProcess hangs, ZombieProcess works)
      throws InterruptedException {
    works.awaits("completed key");
    assertThat(works.number("run key", "fence")).isGreaterThan(hangs.number("run key", "fence"));
    assertThat(DB.column("SELECT process FROM deriver.effect WHERE key = 'key'"))
        .containsExactly("works");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> DB.number("SELECT count(*) FROM deriver.item") == 0);
  }

  /** The other is alive and looks for work: it works three keys, one after the other. */
  private static void looksForWork(ZombieProcess works) throws InterruptedException {
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
      hangs.process().stop();
      long stopped = System.currentTimeMillis();
      long taken = works.awaits("run key");
      works.awaits("reaped key");
      workedOnceByTheOther(hangs, works);

      hangs.process().resume();

      long lost = hangs.awaits("lost its lease, runs 1");
      hangs.awaits("refused Released key");
      hangs.tell("return");
      hangs.awaits("came back key after");
      workedOnceByTheOther(hangs, works);
      print("holder stopped: until the other process runs the key", taken - stopped);
      print("holder goes on: until it stops its run", lost - taken);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ofEightRunsThatOutlastTheirLeaseEachWriteIsRefused() throws Exception {
    try (ZombieProcess hangs = process("hangs8", "600000", "0", UPKEEP);
        ZombieProcess works = works()) {
      beginEight(hangs, works);
      hangs.process().stop();
      for (String key : KEYS) {
        works.awaits("completed " + key);
      }

      // Some return before they are told that they are stopped, and some after.
      hangs.tell("return");
      hangs.process().resume();

      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> refused(hangs).size() >= KEYS.size() && logged(hangs) >= KEYS.size());
      List<String> refused = refused(hangs);
      System.out.println("holder of 8 goes on: " + refused);
      assertThat(refused.stream().map(line -> line.replaceFirst(".* ", "")))
          .containsExactlyInAnyOrderElementsOf(KEYS);
      assertThat(hangs.output()).noneMatch(line -> line.contains(" completed "));
      assertThat(DB.column("SELECT key || ' ' || process FROM deriver.effect ORDER BY 1"))
          .containsExactly(
              "fails0 works", "fails1 works", "step0 works", "step1 works", "step2 works");
      assertThat(DB.number("SELECT count(*) FROM deriver.item")).isZero();
      assertThat(DB.number("SELECT count(*) FROM deriver.dead_letter")).isZero();
    }
  }

  private static List<String> refused(ZombieProcess process) {
    return process.output().stream()
        .filter(line -> line.matches("@\\d+ refused .*"))
        .map(line -> line.replaceFirst(".* refused ", ""))
        .toList();
  }

  private static long logged(ZombieProcess process) {
    return process.output().stream().filter(line -> line.contains("Write refused: ")).count();
  }

  @Test
  void theKeysOfAKilledProcessAreTheOthersWithinSecondsAtTheShortestSettings() throws Exception {
    takenOver(SHORTEST, Duration.ofSeconds(10), "shortest");
  }

  @Test
  @Tag("soak")
  void theKeysOfAKilledProcessAreTheOthersWithinTheLeaseAtTheDefaults() throws Exception {
    takenOver(DEFAULTS, Duration.ofSeconds(45), "default");
  }

  /** All eight of them, which are suspects now and so run one after the other. */
  private static void takenOver(List<String> settings, Duration within, String name)
      throws Exception {
    try (ZombieProcess hangs = process("hangs8", "600000", "0", settings);
        ZombieProcess works = process("works", "600000", "0", settings)) {
      beginEight(hangs, works);
      assertThat(works.output()).noneMatch(line -> line.contains(" run "));

      long killed = hangs.kill();

      long first = Long.MAX_VALUE;
      long last = 0;
      for (String key : KEYS) {
        long taken = works.awaits("run " + key) - killed;
        first = Math.min(first, taken);
        last = Math.max(last, taken);
        // Not counted, since it was no suspect when its process died.
        assertThat(works.number("run " + key, "attempt")).isEqualTo(1);
      }
      print("killed, " + name + " settings: until the other runs the first of 8 keys", first);
      print("killed, " + name + " settings: until the other runs the last of 8 keys", last);
      assertThat(last).isLessThan(within.toMillis());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> DB.number("SELECT count(*) FROM deriver.item") == 0);
      assertThat(DB.number("SELECT count(*) FROM deriver.dead_letter")).isZero();
    }
  }
}
