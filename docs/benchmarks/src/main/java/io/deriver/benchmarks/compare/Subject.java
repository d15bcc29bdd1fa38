package io.deriver.benchmarks.compare;

/** One figure of one contestant of one benchmark. */
record Subject(String benchmark, String contestant, Figure figure) {

  @Override
  public String toString() {
    return "%s, %s: %s".formatted(benchmark, contestant, figure.title());
  }
}
