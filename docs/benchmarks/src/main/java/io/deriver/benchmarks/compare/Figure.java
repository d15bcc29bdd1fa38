package io.deriver.benchmarks.compare;

/** What is compared of a contestant, as it is called in results and in tables. */
enum Figure {
  SPEED("perSecond", "items/s", false),
  STATEMENTS("statements", "statements", true),
  WAL("walBytes", "WAL bytes", true),
  BLOCKS("claimBuffers", "blocks claimed from", true);

  private final String field;
  private final String title;
  private final boolean count;

  Figure(String field, String title, boolean count) {
    this.field = field;
    this.title = title;
    this.count = count;
  }

  /** Its name in results. */
  String field() {
    return field;
  }

  String title() {
    return title;
  }

  /**
   * Whether it is a count, of which less is better and which the machine hardly has a part in: how
   * many statements a drain takes depends on how many runs end together.
   */
  boolean isCount() {
    return count;
  }
}
