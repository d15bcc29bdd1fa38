package io.deriver.benchmarks.micro;

import io.deriver.Codec;
import io.deriver.benchmarks.measure.Payloads;
import io.deriver.jdbc.internal.JacksonCodecs;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A payload of a hundred characters, by the codec that is the default. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PayloadBenchmark {

  private static final int CHARACTERS = 100;

  private final Codec<String> codec = new JacksonCodecs().codecFor(String.class);
  private final String payload = Payloads.of(1, CHARACTERS).get(0);
  private final String json = encoded();

  private String encoded() {
    try {
      return codec.encode(payload);
    } catch (Exception e) {
      throw new IllegalStateException("a text cannot be encoded", e);
    }
  }

  /** As enqueue does. */
  @Benchmark
  public String encode() throws Exception {
    return codec.encode(payload);
  }

  /** As a run does before it calls the processor. */
  @Benchmark
  public String decode() throws Exception {
    return codec.decode(json);
  }
}
