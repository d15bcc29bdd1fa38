package io.deriver.benchmarks.report;

import io.deriver.benchmarks.measure.Benchmark;
import io.deriver.benchmarks.measure.Sample;
import io.deriver.benchmarks.measure.Spread;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A contestant's figures over all rounds.
 *
 * @param perSecond items a second
 * @param ofFloor the same, of the floor's in the same round
 * @param statements an item
 * @param commits an item
 * @param walBytes an item
 * @param claimBuffers blocks touched by claims, an item
 * @param deadRows that were left, an item
 * @param hotShare of updates that touched no index
 * @param togetherPerSecond items a second, of loading and work together
 * @param togetherWalBytes bytes of WAL an item, of loading and work together
 * @param checkpoint whether a checkpoint fell into a round
 * @param samples round by round
 */
public record Row(
    String name,
    Spread perSecond,
    Spread ofFloor,
    @Nullable Spread statements,
    Spread commits,
    Spread walBytes,
    @Nullable Spread claimBuffers,
    @Nullable Spread deadRows,
    @Nullable Spread hotShare,
    Spread togetherPerSecond,
    Spread togetherWalBytes,
    boolean checkpoint,
    List<Sample> samples) {

  /** One for each contestant. */
  public static List<Row> of(Map<String, List<Sample>> samples, Benchmark benchmark) {
    List<Sample> floor = samples.getOrDefault(benchmark.contestants().get(0).name(), List.of());
    return samples.entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue(), floor))
        .toList();
  }

  private static Row of(String name, List<Sample> samples, List<Sample> floor) {
    return new Row(
        name,
        spread(samples, sample -> sample.work().perSecond()),
        Spread.of(
            IntStream.range(0, samples.size())
                .mapToObj(i -> samples.get(i).work().perSecond() / floor.get(i).work().perSecond())
                .toList()),
        counted(samples, sample -> sample.work().statements()),
        spread(samples, Sample::commits),
        spread(samples, sample -> sample.work().walBytes()),
        counted(samples, sample -> sample.work().claimBuffers()),
        counted(samples, Sample::deadRows),
        counted(samples, Sample::hotShare),
        spread(samples, Sample::togetherPerSecond),
        spread(samples, Sample::togetherWalBytes),
        samples.stream().anyMatch(sample -> sample.work().checkpoint()),
        samples);
  }

  private static Spread spread(List<Sample> samples, Function<Sample, Double> figure) {
    return Spread.of(samples.stream().map(figure).toList());
  }

  private static @Nullable Spread counted(
      List<Sample> samples, Function<Sample, @Nullable Double> figure) {
    List<Double> figures = samples.stream().map(figure).flatMap(Stream::ofNullable).toList();
    return figures.isEmpty() ? null : Spread.of(figures);
  }
}
