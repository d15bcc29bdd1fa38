package io.deriver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every setting's range and every rule between settings: refused at build, by name and number. */
class SettingsTest {

  private static final Duration NEGATIVE = Duration.ofSeconds(-1);
  private static final ItemType<String> TYPE = ItemType.of("t", String.class);

  private static Pool.Builder pool() {
    return Pool.builder(new FakeStore()).processor(TYPE, (unit, run) -> Outcome.done());
  }

  @Test
  void theDefaultsAreAccepted() {
    assertThat(pool().build().name()).isEqualTo("deriver");
    assertThat(Limits.builder().build().timeout()).isEqualTo(Duration.ofMinutes(10));
  }

  static Stream<Arguments> refusedByThePool() {
    return Stream.of(
        pool("slots is 0; it must be between 1 and 10000", p -> p.slots(0)),
        pool("name is blank", p -> p.name(" ")),
        pool("lease is PT0S; it must be between PT0.5S and PT24H", p -> p.lease(Duration.ZERO)),
        pool("renewInterval is PT-1S", p -> p.renewInterval(NEGATIVE)),
        pool("reapInterval is PT-1S", p -> p.reapInterval(NEGATIVE)),
        pool("storeTimeout is PT-1S", p -> p.storeTimeout(NEGATIVE)),
        pool("completionGrace is PT-1S", p -> p.completionGrace(NEGATIVE)),
        pool("pollInterval.min is PT-1S", p -> p.pollInterval(NEGATIVE, Duration.ofSeconds(1))),
        pool("pollInterval.max is PT-1S", p -> p.pollInterval(Duration.ofSeconds(1), NEGATIVE)),
        pool("maxAbandoned is 0", p -> p.maxAbandoned(0)),
        pool("whenSaturatedFor is PT-1S", p -> p.whenSaturatedFor(NEGATIVE, () -> {})),
        pool("maxUnwritten is 0", p -> p.maxUnwritten(0)),
        pool("stallReportInterval is PT-1S", p -> p.stallReportInterval(NEGATIVE)),
        pool("closeTimeout is PT-1S", p -> p.closeTimeout(NEGATIVE)),
        pool(
            "pollInterval.min is PT2S and pollInterval.max PT1S; min must not be above max",
            p -> p.pollInterval(Duration.ofSeconds(2), Duration.ofSeconds(1))),
        pool(
            "lease is PT13S, renewInterval PT2S and storeTimeout PT5S; lease must be at least twice"
                + " (renewInterval + storeTimeout)",
            p -> p.lease(Duration.ofSeconds(13))),
        pool(
            "completionGrace is PT4S and storeTimeout PT5S; completionGrace must be at least"
                + " storeTimeout",
            p -> p.completionGrace(Duration.ofSeconds(4))));
  }

  private static Arguments pool(String message, Consumer<Pool.Builder> setting) {
    return Arguments.of(message, setting);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedByThePool")
  void aPoolSettingOutOfItsRangeIsRefusedByItsName(String message, Consumer<Pool.Builder> setting) {
    Pool.Builder builder = pool();
    setting.accept(builder);
    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(message);
  }

  static Stream<Arguments> refusedByTheLimits() {
    return Stream.of(
        limit("timeout is PT0S", l -> l.timeout(Duration.ZERO)),
        limit("timeout is PT24H0.001S", l -> l.timeout(Duration.ofDays(1).plusMillis(1))),
        limit(
            "idleTimeout is PT11M; it must be between PT0.1S and timeout, which is PT10M",
            l -> l.idleTimeout(Duration.ofMinutes(11))),
        limit(
            "firstProgressTimeout is PT-1S; it must be between PT0.1S and timeout",
            l -> l.firstProgressTimeout(NEGATIVE)),
        limit("maxAttempts is 0; it must be between 1 and 100", l -> l.maxAttempts(0)),
        limit("maxItems is 101; it must be between 1 and 100", l -> l.maxItems(101)),
        limit("maxWeight is 0; it must be between 1 and 1000000000", l -> l.maxWeight(0)),
        limit("maxConcurrent is 0; it must be between 1 and 10000", l -> l.maxConcurrent(0)),
        limit("maxBytes is 0", l -> l.maxBytes(0)));
  }

  private static Arguments limit(String message, Consumer<Limits.Builder> setting) {
    return Arguments.of(message, setting);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedByTheLimits")
  void aLimitOutOfItsRangeIsRefusedByItsName(String message, Consumer<Limits.Builder> setting) {
    Limits.Builder builder = Limits.builder();
    setting.accept(builder);
    assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining(message);
  }

  @Test
  void aPolicyOrOutcomeOutOfItsRangeIsRefusedByItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backoff.exponential(Duration.ZERO, Duration.ofSeconds(1)))
        .withMessageContaining("backoff.first is PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backoff.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .withMessageContaining("backoff.max is PT1S; it must be between PT2S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ZombiePolicy.hold(Duration.ZERO))
        .withMessageContaining("zombiePolicy.holdFor is PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.retryAfter(NEGATIVE, "r"))
        .withMessageContaining("delay is PT-1S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Outcome.perItem(Map.of()))
        .withMessageContaining("outcomes is empty");
  }

  @Test
  void aPoolServesEachTypeOnceAndAtLeastOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder(new FakeStore()).build())
        .withMessageContaining("processor is not set");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool().processor(TYPE, (unit, run) -> Outcome.done()))
        .withMessageContaining("type 't' has two processors");
  }

  @Test
  void virtualThreadsAreRefusedAtBuildWhereThereAreNone() {
    Pool.Builder builder = pool().virtualThreads(true);
    if (Runtime.version().feature() >= 21) {
      assertThat(builder.build().name()).isEqualTo("deriver");
    } else {
      assertThatIllegalStateException()
          .isThrownBy(builder::build)
          .withMessageContaining("need Java 21");
    }
  }

  @Test
  void gathering() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limits.builder().gather(1, Duration.ofMinutes(1)).build())
        .withMessage("minWeight is 1; it must be between 2 and 1000000000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limits.builder().gather(10, Duration.ZERO).build())
        .withMessageContaining("maxWait is PT0S; it must be between PT0.001S and");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Limits.builder().maxWeight(9).gather(10, Duration.ofMinutes(1)).build())
        .withMessage("minWeight is 10; it must not be over maxWeight, which is 9");
    assertThat(Limits.builder().maxWeight(10).gather(10, Duration.ofMinutes(1)).build().gather())
        .contains(new Gathering(10, Duration.ofMinutes(1)));
    assertThat(Limits.builder().build().gather()).isEmpty();
  }

  static Stream<Arguments> badNames() {
    return Stream.of(
        Arguments.of(null, "key is null"),
        Arguments.of("", "key is blank"),
        Arguments.of(" \t ", "key is blank"),
        Arguments.of("a\0b", "U+0000 at index 1"),
        Arguments.of("line\nbreak", "U+000A at index 4"),
        Arguments.of("\ud800x", "U+D800 at index 0"),
        Arguments.of("k".repeat(10_000), "has 10000 characters; at most 500"));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void keys(String key, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Item.of(TYPE, key, "payload"))
        .withMessageContaining(message);
  }

  @Test
  void anItemOutOfItsRangeIsRefusedByWhatIsWrong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ItemType.of(" ", String.class))
        .withMessageContaining("type is blank");
    Item<String> item = Item.of(TYPE, "key-\ud83d\ude00", "payload");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.weight(-1))
        .withMessageContaining("weight is -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.variant("\t"))
        .withMessageContaining("variant is blank; it must be empty, or 1 to 200 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.variant("x".repeat(201)))
        .withMessageContaining("has 201 characters; at most 200 are allowed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.delay(NEGATIVE))
        .withMessageContaining("delay is PT-1S");
  }

  @Test
  @SuppressWarnings("NullAway")
  void aDedupeKeyIsANameAndHasAMode() {
    Item<String> item = Item.of(TYPE, "key", "x");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.dedupe(" ", Dedupe.REPLACE))
        .withMessageContaining("dedupeKey is blank; it must be 1 to 500 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.dedupe("x".repeat(501), Dedupe.REPLACE))
        .withMessageContaining("dedupeKey")
        .withMessageContaining("has 501 characters; at most 500 are allowed");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.dedupe("a\nb", Dedupe.REPLACE))
        .withMessageContaining("dedupeKey 'a?b' has the character U+000A at index 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> item.dedupe("dedupe", null))
        .withMessageContaining("mode of dedupe key 'dedupe' is null");
  }
}
