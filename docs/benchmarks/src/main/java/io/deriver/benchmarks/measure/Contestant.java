package io.deriver.benchmarks.measure;

/** One way to do the work. */
public interface Contestant {

  /** What it is called in tables. */
  String name();

  /**
   * Does it once, from an empty schema.
   *
   * @throws Exception if it could not be done, or not all of it was
   */
  Sample run(int items) throws Exception;
}
