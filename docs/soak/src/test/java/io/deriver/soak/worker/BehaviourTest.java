package io.deriver.soak.worker;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Guards that a soak meets every behaviour, most items succeed, and the seed alone decides. */
class BehaviourTest {

  @Test
  void thereIsSomeOfEach() {
    Map<Behaviour, Long> counts =
        LongStream.range(0, 100_000)
            .mapToObj(item -> Behaviour.of(42, item))
            .collect(groupingBy(behaviour -> behaviour, counting()));
    assertThat(counts).containsOnlyKeys(Behaviour.values());
    assertThat(counts.get(Behaviour.APPLIES)).isGreaterThan(80_000);
    assertThat(counts.get(Behaviour.ALWAYS_FAILS)).isBetween(200L, 600L);
  }

  @Test
  void theSeedDecides() {
    assertThat(LongStream.range(0, 1_000).mapToObj(i -> Behaviour.of(1, i)).toList())
        .isEqualTo(LongStream.range(0, 1_000).mapToObj(i -> Behaviour.of(1, i)).toList())
        .isNotEqualTo(LongStream.range(0, 1_000).mapToObj(i -> Behaviour.of(2, i)).toList());
  }
}
