package io.deriver.recipes;

/** What became of a hung call. */
enum Verdict {
  /** The thread is back, and the other side has seen the call go. */
  FREES("frees"),
  /** The thread is back; the connection stays open, or the query runs on. */
  THREAD_ONLY("thread only"),
  /** Nothing changed. */
  NO("no"),
  /** Nothing changed, and what was done has not returned either. */
  HANGS("hangs"),
  /** Nothing changed, and what was done threw. */
  THROWS("throws"),
  /** It does not hang in this shape. */
  ANSWERS("answers"),
  /** It does not hang in this shape, and leaves connection and reading thread behind. */
  ANSWERS_AND_LEAKS("answers and leaks"),
  /** It cannot be said: the call never got there, or was ended before by a limit of its own. */
  FAILS("fails"),
  /** There was nothing yet that could have been closed. */
  NONE("none");

  final String word;

  Verdict(String word) {
    this.word = word;
  }
}
