package io.deriver.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;

/** Guards that a choice follows from seed and number alone, and is as frequent as it was said. */
class ChoiceTest {

  private static final Reply FIRST = Reply.answer("first");
  private static final Reply SECOND = Reply.answer("second");
  private static final Reply THIRD = Reply.answer("third");

  @Property(tries = 200)
  void theSameSeedChoosesTheSameInWhateverOrderItIsAsked(
      @ForAll long seed, @ForAll @DoubleRange(min = 0, max = 1) double probability) {
    Reply one = Reply.oneOf(seed, Reply.share(probability, FIRST), rest(probability));
    Reply again = Reply.oneOf(seed, Reply.share(probability, FIRST), rest(probability));
    List<Long> numbers = LongStream.rangeClosed(1, 200).boxed().toList();
    List<Reply> forwards = numbers.stream().map(n -> Choice.of(one, n, n)).toList();

    List<Long> backwards = new ArrayList<>(numbers);
    Collections.reverse(backwards);
    List<Reply> reversed =
        new ArrayList<>(backwards.stream().map(n -> Choice.of(again, 1, n)).toList());
    Collections.reverse(reversed);

    assertThat(reversed).isEqualTo(forwards);
  }

  @Property(tries = 200)
  void anotherSeedChoosesOtherwise(@ForAll long seed, @ForAll @LongRange(min = 1) long further) {
    assertThat(choices(seed + further)).isNotEqualTo(choices(seed));
  }

  @Property(tries = 100)
  void sharesAreAsFrequentAsTheirProbability(
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double first,
      @ForAll @DoubleRange(min = 0, max = 1) double ofTheRest) {
    double second = (1 - first) * ofTheRest;
    Reply one = Reply.oneOf(seed, Reply.share(first, FIRST), Reply.share(second, SECOND));
    int tries = 10_000;
    List<Reply> replies =
        IntStream.rangeClosed(1, tries).mapToObj(n -> Choice.of(one, 1, n)).toList();

    assertNear(Collections.frequency(replies, FIRST), first, tries);
    assertNear(Collections.frequency(replies, SECOND), second, tries);
  }

  @Example
  void whatIsLeftIsTheComputedAnswer() {
    assertThat(Choice.of(Reply.oneOf(1), 1, 1)).isInstanceOf(Reply.Answer.class);
    assertThat(Choice.of(Reply.oneOf(1, Reply.share(1, FIRST)), 1, 7)).isSameAs(FIRST);
    assertThat(Choice.of(Reply.oneOf(1, Reply.share(0, FIRST)), 1, 7)).isNotSameAs(FIRST);
  }

  @Example
  void theOrderGoesByTheTurnsOfTheRuleAndStaysAtTheLast() {
    Reply order = Reply.inOrder(FIRST, Reply.after(Duration.ofSeconds(1), SECOND), THIRD);

    assertThat(Choice.of(order, 1, 9)).isSameAs(FIRST);
    assertThat(Choice.of(order, 2, 1)).isEqualTo(Reply.after(Duration.ofSeconds(1), SECOND));
    assertThat(Choice.of(order, 3, 2)).isSameAs(THIRD);
    assertThat(Choice.of(order, Long.MAX_VALUE, 3)).isSameAs(THIRD);
  }

  @Example
  void choicesMayHoldChoices() {
    Reply nested =
        Reply.after(
            Duration.ofSeconds(1),
            Reply.inOrder(FIRST, Reply.oneOf(1, Reply.share(1, Reply.inOrder(SECOND, THIRD)))));

    assertThat(Choice.of(nested, 1, 1)).isEqualTo(Reply.after(Duration.ofSeconds(1), FIRST));
    assertThat(Choice.of(nested, 2, 2)).isEqualTo(Reply.after(Duration.ofSeconds(1), THIRD));
  }

  @Example
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> Reply.share(-0.1, FIRST))
        .hasMessage("probability is -0.1; it must be between 0 and 1");
    assertThatThrownBy(() -> Reply.share(Double.NaN, FIRST))
        .hasMessage("probability is NaN; it must be between 0 and 1");
    assertThatThrownBy(() -> Reply.oneOf(1, Reply.share(0.75, FIRST), Reply.share(0.5, SECOND)))
        .hasMessage("the sum of probabilities is 1.25; it must be at most 1");
    assertThatThrownBy(Reply::inOrder).hasMessage("replies is empty; it must hold at least one");
    assertThatThrownBy(Reply::toolCalls).hasMessage("calls is empty; it must hold at least one");
    assertThatThrownBy(() -> Reply.toolCall("weather", "[1]"))
        .hasMessage("arguments of weather is [1]; it must be a JSON object");
    assertThatThrownBy(() -> Reply.toolCall("weather", "{\"city\":"))
        .hasMessageContaining("it must be a JSON object");
    assertThatThrownBy(() -> Reply.toolCall("weather", "{} {}"))
        .hasMessageContaining("it must be a JSON object");
    assertThatThrownBy(() -> Reply.toolCall(" ", "{}")).hasMessageContaining("blank");
  }

  @Example
  void roundingDoesNotRefuseTenTenths() {
    Reply.Share[] tenths =
        IntStream.range(0, 10).mapToObj(i -> Reply.share(0.1, FIRST)).toArray(Reply.Share[]::new);
    assertThat(LongStream.range(1, 1000).mapToObj(n -> Choice.of(Reply.oneOf(5, tenths), 1, n)))
        .containsOnly(FIRST);
  }

  private static Reply.Share rest(double probability) {
    return Reply.share(1 - probability, SECOND);
  }

  private static List<Reply> choices(long seed) {
    Reply half = Reply.oneOf(seed, Reply.share(0.5, FIRST), Reply.share(0.5, SECOND));
    return LongStream.rangeClosed(1, 200).mapToObj(n -> Choice.of(half, 1, n)).toList();
  }

  /** Six deviations: once in a thousand million by chance. */
  private static void assertNear(int count, double probability, int tries) {
    double deviation = Math.sqrt(tries * probability * (1 - probability));
    assertThat((double) count).isCloseTo(tries * probability, within(6 * deviation + 1));
  }
}
